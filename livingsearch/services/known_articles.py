"""Whether the documented search finds the articles that the review knows to be relevant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from livingsearch.review import Known
from livingsearch.services.context import ReviewContext
from livingsearch.services.given_searches import search_named
from livingsearch.strategy.evaluate import Concept, Judgement, concepts_of, why_missed
from livingsearch.strategy.evaluate.missed import THROUGH, Outcome, Through, missed_sentences
from livingsearch.strategy.evaluate.words import folded_column
from livingsearch.strategy.normal import with_fields
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.search import refuse_unclear

JudgedBy = Literal["records", "title"]
_SHORTEST_TITLE = 40
"""Characters of a title that may stand for an article with a longer one, as where a series or publisher is added."""

# The latest version of every record, with the report that it belongs to.
_LATEST = """
WITH latest AS (
    SELECT * FROM record_version
    QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY version DESC) = 1
)
SELECT {columns}
FROM latest v JOIN record r USING (record_id) LEFT JOIN member_at($position) m USING (record_id)
WHERE {condition}
ORDER BY v.record_id
"""
_NAMES = "v.record_id, m.report_id, v.doi, v.pmid, v.title, v.title_original"
# A record may say in a note that its keywords are not the database's or the authors': the samples do.
_WHOLE = """
r.source, m.report_id, v.* EXCLUDE (payload),
nullif(regexp_extract(v.payload, 'Keywords assigned by ([A-Za-z0-9_.]*[A-Za-z0-9_])', 1), '') AS keywords_by
"""
_WAYS: dict[Through | None, str] = {
    "title": "title",
    "abstract": "title and abstract",
    "keywords": "keywords only",
    None: "other fields",
}
_END_OF_LOG = 2**62


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """One source's record of a known article.

    Args:
        source: slug.
        accession: as the source numbers it; None where it gives no number.
        judgement: what the search does with it.
    """

    source: str
    accession: str | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """One article that the review knows to be relevant.

    Args:
        title: as review.toml has it.
        name: short, for people: `Barr 2020`, or the beginning of the title.
        judged_by: `records` of the sources, or its `title` alone where no source brought it.
        outcome: `found` where the search finds it by at least one record.
        through: the least that one of its records needs to be found: `title`, `abstract` (with the title), `keywords`
            where nothing but keywords has the words; None where it is not found.
        keywords_by: who assigned the keywords, where a record says that it was not the database or the authors.
        records: those of the sources, each by its own words; empty where it is judged by its title.
        told: sentences for people, the first one says the outcome.
    """

    title: str
    name: str
    judged_by: JudgedBy
    outcome: Outcome
    through: Through | None
    keywords_by: str | None
    records: tuple[KnownRecord, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownCheck:
    """What the documented search does with the known articles.

    Args:
        concepts: of the documented search.
        articles: one for each known article of the review, in the file's order.
        told: sentences for people about all of them.
    """

    concepts: tuple[Concept, ...]
    articles: tuple[KnownArticle, ...]
    told: tuple[str, ...]

    @property
    def found(self) -> int:
        """How many the search finds by their records."""
        return sum(a.outcome == "found" and a.judged_by == "records" for a in self.articles)

    @property
    def missed(self) -> tuple[KnownArticle, ...]:
        """Those whose records are there and that the search finds by none of them."""
        return tuple(a for a in self.articles if a.outcome == "missed" and a.judged_by == "records")

    @property
    def absent(self) -> tuple[KnownArticle, ...]:
        """Those that no source brought."""
        return tuple(a for a in self.articles if a.judged_by == "title")

    @property
    def by_keywords_only(self) -> tuple[KnownArticle, ...]:
        """Those found, but by none of their records without its keywords."""
        return tuple(a for a in self.articles if a.outcome == "found" and a.through == "keywords")


def check_known(context: ReviewContext) -> KnownCheck:
    """Holds the documented search against the known articles, by the words that their records have.

    An article is known among the records by DOI, PMID or title, and by what deduplication put together with these.
    Nothing is searched: where no source brought an article, its title alone is judged, and that is said.

    Args:
        context: of the review.

    Raises:
        SearchTextError, SearchUnreadable: the documented search cannot be read.
        StoreError: the database.
    """
    given = search_named(context.review, None)
    search = read_search(given.text, given.readable)
    refuse_unclear(search)
    tree = search.tree if given.default_fields is None else with_fields(search.tree, given.default_fields)
    concepts = concepts_of(tree, text=search.text, declared=given.concepts)
    known = context.review.known
    articles = tuple(
        _article(one, records, concepts) for one, records in zip(known, _records_of(context, known), strict=True)
    )
    return KnownCheck(concepts, articles, _summary(articles))


def reports_of_known(con: duckdb.DuckDBPyConnection, known: Sequence[Known]) -> list[list[int]]:
    """For each article the ids of its reports, as far as its records belong to one."""
    query = _LATEST.format(columns=_NAMES, condition="true")
    names = con.execute(query, {"position": _END_OF_LOG}).to_arrow_table()
    found = []
    for one in known:
        mine = names.filter(pc.is_in(names["record_id"], pa.array(_ids_of(one, names), pa.int64())))
        found.append(sorted(set(mine["report_id"].combine_chunks().drop_null().to_pylist())))
    return found


def _records_of(context: ReviewContext, known: Sequence[Known]) -> list[pa.Table]:
    """For each article the records of it."""
    with context.store.read() as con:

        def latest(columns: str, condition: str, **values: object) -> pa.Table:
            query = _LATEST.format(columns=columns, condition=condition)
            return con.execute(query, {"position": _END_OF_LOG, **values}).to_arrow_table()

        names = latest(_NAMES, "true")
        ids = [_ids_of(one, names) for one in known]
        every = sorted({record for some in ids for record in some})
        whole = latest(_WHOLE, "list_contains($ids, v.record_id)", ids=every)
    return [whole.filter(pc.is_in(whole["record_id"], pa.array(some, pa.int64()))) for some in ids]


def _ids_of(known: Known, names: pa.Table) -> list[int]:
    """Records with the article's DOI, PMID or title, and those of the same reports."""
    if not names.num_rows:
        return []
    meant = _same_title(known.title, names)
    for column, value in (("doi", known.doi), ("pmid", known.pmid)):
        if value is not None:
            meant = pc.or_(meant, pc.fill_null(pc.equal(names[column], value), False))
            # A record that gives another DOI is another article, whatever its title.
            meant = pc.and_(meant, pc.fill_null(pc.equal(names[column], value), True))
    direct = names.filter(meant)
    reports = direct["report_id"].combine_chunks().drop_null()
    together = pc.or_(meant, pc.fill_null(pc.is_in(names["report_id"], reports), False))
    return [int(record) for record in names.filter(together)["record_id"].to_pylist()]


def _same_title(title: str, names: pa.Table) -> pa.Array:
    (said,) = _titles(pa.array([title])).to_pylist()
    same = pa.array([False] * names.num_rows)
    for column in ("title", "title_original"):
        theirs = _titles(names[column].combine_chunks())
        equal = pc.equal(theirs, said)
        longer = pc.and_(pc.starts_with(theirs, said), pc.greater(pc.utf8_length(theirs), len(said)))
        # The known title may have more behind it than a record's: a series, a publisher.
        shorter = [begin for end in range(_SHORTEST_TITLE, len(said)) if said[end] == " " and (begin := said[:end])]
        same = pc.or_(same, pc.or_(equal, pc.is_in(theirs, pa.array(shorter, pa.string()))))
        same = pc.or_(same, longer) if len(said) >= _SHORTEST_TITLE else same
    return same


def _titles(values: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(folded_column(values), " +", " "))


def _article(known: Known, records: pa.Table, concepts: Sequence[Concept]) -> KnownArticle:
    if not records.num_rows:
        return _by_title(known, concepts)
    judgements = why_missed(concepts, records)
    rows = records.to_pylist()
    outcomes = [judgement.outcome for judgement in judgements]
    outcome: Outcome = next((o for o in ("found", "unknown") if o in outcomes), "missed")
    ways = [judgement.through for judgement in judgements if judgement.through is not None]
    through = min(ways, key=THROUGH.index, default=None)
    name = _name_of(known, rows[0])
    kept = tuple(
        KnownRecord(row["source"], row["accession"], judgement) for row, judgement in zip(rows, judgements, strict=True)
    )
    by = next((row["keywords_by"] for row in rows if row["keywords_by"]), None)
    told = _told(name, through, rows, judgements, by)
    return KnownArticle(known.title, name, "records", outcome, through, by, kept, told)


def _by_title(known: Known, concepts: Sequence[Concept]) -> KnownArticle:
    record = {"title": known.title}
    (judgement,) = why_missed(concepts, pa.table({"title": [known.title]}))
    name = _name_of(known, {})
    told = [f"{name} is not among the records: nothing to judge but its title from review.toml"]
    if judgement.outcome == "found":
        told.append("The title alone has a word of every concept")
    else:
        told += missed_sentences("Its title alone", judgement, record)
    return KnownArticle(known.title, name, "title", judgement.outcome, judgement.through, None, (), tuple(told))


def _told(
    name: str,
    through: Through | None,
    rows: Sequence[Mapping[str, Any]],
    judgements: Sequence[Judgement],
    keywords_by: str | None,
) -> tuple[str, ...]:
    told: list[str] = []
    found = [(row, judgement) for row, judgement in zip(rows, judgements, strict=True) if judgement.outcome == "found"]
    if found:
        where = ", ".join(dict.fromkeys(row["source"] for row, _ in found))
        told.append(f"{name} is found by its {_WAYS[through]} in {where}")
    if through == "keywords":
        row, judgement = found[0]
        lacking = ", ".join(held.concept.label for held in judgement.held if held.through == "keywords")
        theirs = f"{_whose(keywords_by)} ({'; '.join(row['keywords'])})"
        told[-1] += f", {theirs}: neither title nor abstract has a word of {lacking}"
    for row, judgement in zip(rows, judgements, strict=True):
        told += missed_sentences(f"{name} in {row['source']}", judgement, row)
    return tuple(told)


def _summary(articles: Sequence[KnownArticle]) -> tuple[str, ...]:
    there = [article for article in articles if article.judged_by == "records"]
    if not articles:
        return ("review.toml names no known articles; put those in that the search must find, as [[known]]",)
    found = [article for article in there if article.outcome == "found"]
    by = next((article.keywords_by for article in found if article.keywords_by), None)
    told = [f"{len(found)} of {len(articles)} known articles found by the words of their records"]
    for through, way in (
        ("title", "by the title alone"),
        ("abstract", "by title and abstract"),
        ("keywords", f"by keywords only, {_whose(by)}"),
    ):
        some = [article.name for article in found if article.through == through]
        if some:
            told.append(f"{len(some)} {way}: {', '.join(some)}")
    for outcome, way in (("missed", "missed"), ("unknown", "cannot be judged by the words of their records")):
        some = [article.name for article in there if article.outcome == outcome]
        if some:
            told.append(f"{len(some)} {way}: {', '.join(some)}")
    absent = [article.name for article in articles if article.judged_by == "title"]
    if absent:
        told.append(f"{len(absent)} not among the records: {', '.join(absent)}")
    return tuple(told)


def _whose(keywords_by: str | None) -> str:
    return f"that {keywords_by} assigned" if keywords_by else "whoever assigned these"


def _name_of(known: Known, record: Mapping[str, Any]) -> str:
    authors, year = record.get("authors"), record.get("year")
    if authors and year:
        return f"{authors[0].split(',')[0]} {year}"
    words = known.title.split()
    return f"“{' '.join(words[:8])}{' …' if len(words) > 8 else ''}”"
