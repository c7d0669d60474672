"""Item 8: every search as it was run, character for character."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from livingsearch.exports.prisma_s import SearchedSource, SearchReport, SearchRun
from livingsearch.exports.prisma_s_document import Block, Bullets, Item, Paragraph, Subheading, Table, Verbatim
from livingsearch.exports.prisma_s_text import visible
from livingsearch.exports.prisma_s_words import listed, number, numbered

_TITLE = "Full search strategies"
_SYNTAXES = {
    "ovid": "Ovid",
    "pubmed": "PubMed",
    "ebsco": "EBSCOhost",
    "embase": "Embase.com",
    "other": "another platform",
}
_Key = TypeVar("_Key")
_LINE_NUMBER = re.compile(r"^[ \t]*#?\d+[.):]?[ \t]+")


def full_strategies(report: SearchReport) -> Item:
    """The documented search, then by source what was run, with what the platform made of it; and what was not run."""
    search = report.review.search
    fields = listed([field.replace("_", " ") for field in search.fields])
    blocks: list[Block] = [
        Paragraph(
            "Searches stand here exactly as they were run; a text that several runs share stands once. "
            "search-records.json holds each run by itself."
        ),
        Subheading("Documented search"),
        Paragraph(
            f"As documented, in the syntax of {_SYNTAXES[search.syntax]}; what ran at each source follows. "
            f"Terms without a field of their own: {fields}."
        ),
        *_verbatim(search.text),
    ]
    where = "so far" if report.update is None else f"in update {report.update} so far"
    for source in {source.slug: source for source in report.sources}.values():
        runs = [run for run in report.runs if run.source.slug == source.slug]
        blocks += [Subheading(source.label), *_source(source, runs, where)]
    return Item(8, _TITLE, "automatic", "automatic", None, tuple(blocks))


def _source(source: SearchedSource, runs: Sequence[SearchRun], where: str) -> list[Block]:
    blocks: list[Block] = []
    for query, sharing in _grouped(runs, lambda run: run.query):
        blocks += [_table(sharing), *_query(query, sharing)]
    if source.declared is not None:
        origin = "the documented search's translation" if source.translated else "as declared in review.toml"
        said = f"Not run {where}: {origin}." if not runs else f"Not run yet: {origin}, since the last run."
        blocks += [Paragraph(said), *_verbatim(source.declared)]
    elif not runs:
        blocks.append(Paragraph("Not searched."))
    return blocks


def _table(runs: Sequence[SearchRun]) -> Table:
    rows = tuple(
        (
            str(run.run_id),
            str(run.update),
            run.searched_on.isoformat(),
            number(run.hits),
            number(run.received),
            str(run.version),
            "yes" if run.replaced_by is None else f"no, run {run.replaced_by} took its place",
        )
        for run in runs
    )
    columns = ("Run", "Update", "Date of the search", "Results shown", "Records received", "Strategy", "Counts")
    return Table(columns, rows, frozenset({3, 4}))


def _query(query: str, runs: Sequence[SearchRun]) -> list[Block]:
    sent = all(run.by_api for run in runs)
    blocks: list[Block] = [
        Paragraph("As sent:" if sent else "As declared in review.toml when the export was imported:"),
        *_verbatim(query),
    ]
    for translation, sharing in _grouped(runs, lambda run: run.translation):
        if translation is not None:
            blocks += [Paragraph(f"As the platform understood it ({_runs(sharing)}):"), *_verbatim(translation)]
    for as_run, sharing in _grouped(runs, lambda run: run.as_run):
        if as_run == query:
            blocks.append(Paragraph(f"Run as it was declared, as the exporting person says ({_runs(sharing)})."))
        elif as_run is not None:
            blocks += [
                Paragraph(f"As run, as the exporting person says ({_runs(sharing)}):"),
                *_verbatim(as_run),
            ]
    unlike: list[SearchRun] = []
    for histories, sharing in _grouped(runs, lambda run: run.histories):
        for history in histories:
            blocks += [Paragraph(f"Search history within the export ({_runs(sharing)}):"), *_verbatim(history)]
        if histories and not _is_within(query, histories):
            unlike += sharing
    if unlike:
        said = (
            f"The search history within the export of {_runs(unlike)} does not hold the declared query literally. "
            "What ran is what the history says: a person should compare the two."
        )
        blocks.append(Paragraph(said, strong=True))
    for (by_api, warnings), sharing in _grouped(runs, lambda run: (run.by_api, run.warnings)):
        if warnings and by_api:
            told = f"Warnings of the platform, accepted in review.toml ({_runs(sharing)}):"
            blocks += [Paragraph(told), *_verbatim("\n".join(warnings))]
        elif warnings:
            blocks += [Paragraph(f"Notes on the export ({_runs(sharing)}):"), Bullets(warnings)]
    return blocks


def _verbatim(text: str) -> list[Block]:
    if visible(text) == text:
        return [Verbatim(text)]
    return [
        Verbatim(text),
        Paragraph("A character that cannot be seen is written as ⟨U+00AD⟩; search-records.json has the text itself."),
    ]


def _grouped(runs: Iterable[SearchRun], key: Callable[[SearchRun], _Key]) -> Iterable[tuple[_Key, list[SearchRun]]]:
    """Runs that share something, in the order in which it first came."""
    groups: dict[_Key, list[SearchRun]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return groups.items()


def _runs(runs: Iterable[SearchRun]) -> str:
    return numbered("run", (run.run_id for run in runs))


def _is_within(query: str, histories: Sequence[str]) -> bool:
    """Whether every line of a query stands in one of the histories, line numbers and white space aside."""
    lines = [_squeezed(_LINE_NUMBER.sub("", line)) for line in query.splitlines()]
    return any(all(line in history for line in lines) for history in map(_squeezed, histories))


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
