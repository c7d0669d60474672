"""What an archive says to a person who has no livingsearch: how to read it, and what its tables and columns hold."""

from collections.abc import Mapping, Sequence

from livingsearch.store.tables import Column, Table

_HEAD = """# {title}

This is an archive of the systematic review *{title}* (`{review}`), written by {program}. It holds all that the
review's living search knew at position {position} of its log{as_of}: every table of its database as a Parquet file,
every file and reply as it was received, the review's file, what was released for screening, and the published versions.

## Reading it without livingsearch

Unpack it. The tables in `tables/` are plain Parquet; DuckDB, pandas, R (arrow), Spark and others read them, e.g. in
DuckDB:

```sql
SELECT source, count(*) FROM 'tables/record.parquet' GROUP BY source;
```

- `review/review.toml`: the documented search and its sources, as the file stood last.
- `review/received/`: every file and reply as it came, named by the sha256 of its bytes; `run_file` says which run it
  belongs to, under which name it came.
- `review/batches/`, `review/published/`, `review/reports/`: what was handed out, and the versions that were published.
- `manifest.json`: the sha256 and size of every member, and the number of rows of every table.

## Bringing it back

```
livingsearch restore FILE.zip
```

checks every sha256 and every count of rows, and brings older archives to the program's own tables.

## Words

A *record* is what one source returned under one name; a *report* is the document that one or more records describe; a
*run* is one search of a source or one import of its export; an *update* is a numbered version of the search, made of
runs; a *batch* is what an update released for screening. A *verdict* is what the machine says of a pair of records, a
*decision* what a person says. Rows are appended and not rewritten; `log` is the order in which all happened, and a
`position` in any table is a position in it. Instants are in UTC.

## Tables
"""

_TYPES = {
    "VARCHAR": "text",
    "VARCHAR[]": "list of texts",
    "INTEGER": "whole number",
    "BIGINT": "whole number",
    "INTEGER[]": "list of whole numbers",
    "BIGINT[]": "list of whole numbers",
    "DOUBLE": "number",
    "BOOLEAN": "true or false",
    "DATE": "day",
    "TIMESTAMP": "instant (UTC)",
}

_TABLE_WORDS = {
    "schema_migration": "Steps by which the tables came to be as they are.",
    "derived": "Tables that can be made anew from the others at any time.",
}

_COLUMN_WORDS = {
    "abstract": "plain text; parts of a labelled abstract on lines of their own",
    "accepted_mismatch": "why a person took a file that differs from what was declared",
    "accession": "number by which the source knows the record",
    "actor": "person or job that did it",
    "applied_at": "when",
    "approval_asked": "whether the review asks for a person's approval",
    "archive": "sha256 of the packed file that it came in",
    "author": "by whose hand",
    "authors": "`Family, Given` or a group's name, in order",
    "batch": "update that released it for screening",
    "box": "box of the flow diagram",
    "bytes": "size in bytes",
    "closed_at": "when the update closed",
    "closing_position": "position in the log of the closing",
    "columns": "what the columns of a table hold, as declared",
    "consensus": "whether it settles what was said before",
    "content": "the strategy as JSON",
    "content_hash": "sha256 over all bibliographic fields: differs when they changed",
    "counts": "counts as they were frozen, JSON",
    "database": "database as the record itself tells it",
    "date": "date of publication, as printed",
    "date_searched": "day on which the source was searched",
    "decision": "as the file has it",
    "decision_id": "number of the decision",
    "declared_query": "the source's query without the window",
    "detail": "what identifies it, JSON",
    "doi": "DOI, bare and in lower case",
    "drop_key": "manifest in the inbox that asked for the import",
    "due_at": "since when the source was due",
    "encoding": "of the text, as detected",
    "error": "why it failed",
    "event": "joined or parted",
    "evidence": "the reasons in words",
    "exported_by": "who searched and exported",
    "finished_at": "when it ended",
    "form": "how to read the payload or file",
    "format": "of the file, as detected",
    "hits_reported": "results that the source showed",
    "identity": "name of the record within its source",
    "included": "numbers of the included reports",
    "instant": "when",
    "issns": "ISSNs",
    "issue": "as printed",
    "journal": "full name where the source has one",
    "journal_abbreviation": "as the source gives it",
    "keywords": "author keywords, then subject headings",
    "kind": "what kind of entry it is",
    "label": "of which database, register or reason; empty for the whole box",
    "languages": "as the source writes them",
    "line": "line in the file, from 1",
    "made_by": "version of the rules, or of the programs, that made it",
    "matched": "references that were found among the reports",
    "name": "name",
    "note": "a note kept with it",
    "notices": "what happened to the publication (retracted, RetractionIn ...)",
    "number": "number, from 1",
    "occurrence": "above 1: the same name again in one run",
    "opened_at": "when",
    "ordinal": "place in the order, from 1",
    "outside": "lines of text that belong to no record",
    "overlap_days": "days by which the window reaches back",
    "pages": "first-last, or an article number",
    "payload": "the record whole, as received",
    "platform": "platform that was searched or that wrote the file",
    "pmcid": "PubMed Central number",
    "pmid": "PubMed number",
    "position": "position in the log",
    "preferred": "sources, the preferred first",
    "previous_run": "run whose date the window begins at",
    "publication_types": "as the source writes them",
    "published_at": "when",
    "query": "the search as it was run",
    "query_translation": "what the platform made of the query",
    "reason": "why",
    "record_id": "number of the record",
    "record_starts": "records that the file itself begins, counted apart from the reader",
    "records": "how many records",
    "records_received": "records that came",
    "reference": "place in the returned file",
    "relation": "how two that are no duplicates belong together",
    "released_at": "when",
    "repeated": "references that came again in the file",
    "report_id": "number of the report; people read it as R and at least six digits",
    "return_id": "number of the returned file",
    "review_sha256": "sha256 of review.toml's text at the time",
    "role": "whether it holds the search's reply or records",
    "row_hashes": "sha256 of the rows behind the version by table, JSON",
    "rule": "rule that said so",
    "rule_set": "version of the deduplication's rules",
    "run_id": "number of the run",
    "said": "words that it brought",
    "scope": "full, or window for a search of a part",
    "score": "likeness",
    "scores": "what each field says, JSON",
    "screening_id": "number of the word",
    "seq": "order of events",
    "set_id": "number of the set",
    "sha256": "sha256 of the bytes",
    "silent": "matched reports of which the file says nothing",
    "since": "day since which the window searches",
    "snapshot": "the whole flow as it was frozen, JSON",
    "software": "versions of the programs, JSON",
    "source": "name of the source in review.toml, or who says so",
    "source_kind": "database, register or other",
    "source_label": "source as readers see it",
    "sources": "what the file declares of them, JSON",
    "stage": "stage of screening",
    "started_at": "when",
    "state": "running, complete or failed",
    "strategy": "the search as declared or found in the file",
    "strategy_from": "who says so",
    "study_id": "number of the study",
    "text": "the text",
    "title": "title",
    "title_original": "title in the language of the publication",
    "tool": "screening tool",
    "total_references": "references in the file",
    "translated": "sources whose query is the documented search's translation",
    "unchanged": "words that were in force already",
    "unmatched": "references that belong to no report",
    "update_number": "number of the update",
    "url": "address at which the source shows the record",
    "value": "the number",
    "version": "version of the record, from 1",
    "volume": "as printed",
    "warnings": "sentences for a librarian",
    "who": "person who did or said it",
    "why": "the reason that was given",
    "word": "what was said",
    "x_id": "record with the smaller number of a pair",
    "y_id": "record with the greater number of a pair",
    "year": "of publication",
}


def readme(
    *,
    review: str,
    title: str,
    program: str,
    position: int,
    as_of: str | None,
    tables: Sequence[Table],
    rows: Mapping[str, int],
    comments: Mapping[str, str],
    left_out: Mapping[str, str],
) -> str:
    """The member README.md.

    Args:
        review: slug.
        title: of the review.
        program: name and version.
        position: of the log.
        as_of: instant of its last entry.
        tables: in the archive.
        rows: how many each has.
        comments: what the program says of each table.
        left_out: what is not in the archive, and why.
    """
    when = f" ({as_of} UTC)" if as_of else ""
    parts = [_HEAD.format(title=_plain(title), review=review, program=program, position=position, as_of=when)]
    for table in tables:
        said = _TABLE_WORDS.get(table.name) or comments.get(table.name) or ""
        count = f"{rows[table.name]:,} row{'' if rows[table.name] == 1 else 's'}."
        parts.append(f"### {table.name}\n\n{' '.join(filter(None, (said, count)))}\n")
        parts.append("| column | holds | in words |\n|---|---|---|")
        parts.extend(_line(column) for column in table.columns)
        parts.append("")
    if left_out:
        parts.append("## Not in this archive\n")
        parts.extend(f"- `{name}`: {why}" for name, why in sorted(left_out.items()))
        parts.append("")
    return "\n".join(parts)


def words_of(column: Column) -> str:
    """What a column holds, in words; its own name where nothing else is known of it."""
    return _COLUMN_WORDS.get(column.name) or column.name.replace("_", " ")


def _line(column: Column) -> str:
    kind = _TYPES.get(column.type, column.type)
    marks = [kind, *(["part of the row's name"] if column.key else [] if column.required else ["may be empty"])]
    return f"| {column.name} | {', '.join(marks)} | {words_of(column)} |"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("*", "\\*")
