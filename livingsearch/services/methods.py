"""A methods section whose every number is derived from the ledger and says where it comes from."""

import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.exports.prisma_s_text import escaped, one_line
from livingsearch.exports.prisma_s_words import listed
from livingsearch.ledger.whole_counts import whole_flows_at
from livingsearch.ledger.whole_flow import Count, WholeFlow
from livingsearch.review import Review
from livingsearch.services import methods_rows as sql
from livingsearch.services.context import ReviewContext
from livingsearch.services.methods_said import living, missing
from livingsearch.services.positions import AsOf, position_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in the text.

    Attributes:
        value: as printed, without separators.
        what: it counts.
        derived_from: table, box or file that it comes from.
    """

    value: int
    what: str
    derived_from: str


@dataclass(frozen=True, slots=True)
class Methods:
    """A methods section.

    Attributes:
        review: slug.
        position: in the log, to which its numbers hold.
        updates: closed by then.
        paragraphs: in order.
        figures: every number of the text that counts something, in its order.
        missing: what a reader of the section will ask for and nobody has said; each names the field of review.toml.
    """

    review: str
    position: int
    updates: tuple[int, ...]
    paragraphs: tuple[str, ...]
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]


_PLURALS = {"search": "searches", "study": "studies", "person": "people"}


def _of(count: int, unit: str) -> str:
    return unit if count == 1 or not unit else _PLURALS.get(unit, unit + "s")


@dataclass
class _Writing:
    """Text that keeps where its numbers come from."""

    figures: list[Figure] = field(default_factory=list)

    def n(self, value: int, what: str, derived_from: str, unit: str = "") -> str:
        self.figures.append(Figure(value, what, derived_from))
        return f"{value:,} {_of(value, unit)}".strip()

    def box(self, count: Count, what: str, box: str, unit: str = "") -> str:
        """A box's number; a typed one names who says so."""
        if count.value is None:
            return f"an unreported number of {_of(2, unit)}" if unit else "an unreported number"
        origin = f"typed in: {count.source or 'no source given'}" if count.origin == "manual" else "derived from rows"
        return self.n(count.value, what, f"flow, box '{box}' ({origin})", unit)


def methods(context: ReviewContext, as_of: AsOf = None) -> Methods:
    """The methods section of a review's search.

    Args:
        context: the review.
        as_of: an update's number for its closing, a date for the end of that day; None for now.

    Returns:
        Text and numbers of the updates that were closed by then.

    Raises:
        UpdateRefused: none was closed by then.
        StoreError: the database.
    """
    with context.store.read() as con:
        position = position_of(con, context, as_of)
        updates = tuple(n for (n,) in con.execute(sql.CLOSED, {"position": position}).fetchall())
        if not updates:
            raise UpdateRefused(
                f"No update of {context.review.slug} was closed by then, so there are no methods to report; run: "
                f"livingsearch update {context.review.slug}"
            )
        (flow,) = whole_flows_at(con, [updates], position, context.declared())
        runs = _dicts(con, sql.RUNS, position, updates)
        (facts,) = _dicts(con, sql.FACTS, position, updates)
    text = _Writing()
    paragraphs = (
        _searching(text, context.review, runs, updates, facts),
        _identifying(text, flow, runs, updates),
        _grouping(text, facts),
        _screening(text, flow),
        living(context.review),
    )
    return Methods(
        review=context.review.slug,
        position=position,
        updates=updates,
        paragraphs=tuple(one_line(paragraph) for paragraph in paragraphs if paragraph),
        figures=tuple(text.figures),
        missing=missing(context.review),
    )


def methods_markdown(found: Methods) -> str:
    """The section as Markdown, with what is missing behind it."""
    parts = [escaped(paragraph) for paragraph in found.paragraphs]
    if found.missing:
        parts.append("Not said yet, in `review.toml`:\n\n" + "\n".join(f"- {escaped(one)}" for one in found.missing))
    return "\n\n".join(parts) + "\n"


def _searching(
    text: _Writing, review: Review, runs: Sequence[dict[str, Any]], updates: tuple[int, ...], facts: dict[str, Any]
) -> str:
    labels = list(dict.fromkeys(run["source_label"] for run in runs))
    base = [run["date_searched"] for run in runs if run["update_number"] == updates[0]]
    told = [f"We searched {text.n(len(labels), 'sources searched', 'run, counting runs', 'source')}: {listed(labels)}."]
    if base:
        told.append(f"The base search was made {_between(base)}.")
    later = updates[1:]
    dates = [run["date_searched"] for run in runs if run["update_number"] in later]
    if later and dates:
        count = text.n(len(later), "updates after the base search", "update_closing", "update")
        told.append(f"It was repeated in {count}, last on {max(dates)}.")
    windows = sum(run["scope"] == "window" for run in runs)
    full = len(runs) - windows
    told.append(f"{_first(text.n(full, 'complete searches', 'run.scope', 'search'))} covered the whole source.")
    if windows:
        told.append(
            f"{text.n(windows, 'searches of a window', 'run.scope', 'search')} covered only what was added since."
        )
    absent = [
        f"{source.label} in update {update}"
        for update in updates
        for source in review.sources
        if source.kind != "other" and not any(r["update_number"] == update and r["source"] == source.slug for r in runs)
    ]
    if absent:
        told.append(f"Not searched: {listed(absent)}.")
    search = review.search
    since = search.since or "the sources' inception"
    told.append(
        f"The documented search covers publications from {since}{f' to {search.until}' if search.until else ''}."
    )
    if search.languages:
        told.append(f"Languages: {listed(list(search.languages))}.")
    for limit in search.limits:
        told.append(f"Limit: {limit.what.rstrip('.')} ({limit.reason.rstrip('.')}).")
    versions = facts["strategy_versions"]
    told.append(f"The strategy has {text.n(versions, 'versions of the strategy', 'strategy_version', 'version')}.")
    if search.peer_review:
        by = search.peer_review
        told.append(f"It was peer reviewed by {by.who} on {by.when} ({by.method}).")
    return " ".join(told)


def _identifying(text: _Writing, flow: WholeFlow, runs: Sequence[dict[str, Any]], updates: tuple[int, ...]) -> str:
    found = flow.identification
    together = "together " if len(updates) > 1 else ""
    told = [
        f"The searches {together}returned {text.box(found.identified, 'records identified', 'identified', 'record')}"
    ]
    parts = [
        f"{column.label} {text.box(column.identified, f'records from {column.label}', f'identified, {column.slug}')}"
        for column in found.sources
        if column.searched
    ]
    told.append(f" ({listed(parts)})." if parts else ".")
    if len(updates) > 1:
        known = text.box(found.already_known, "records already known", "already known", "record")
        told.append(f" Of these, {known} had been returned by the same source in an earlier update.")
    duplicates = text.box(found.duplicates, "records removed as duplicates", "duplicates", "record")
    told.append(f" Removed as duplicates: {duplicates}.")
    for count, what in ((found.automation, "by automation tools"), (found.other_reasons, "for other reasons")):
        if count.value:
            told.append(
                f" {_first(text.box(count, f'removed {what}', f'removed {what}', 'record'))} were removed {what}."
            )
    unchecked = [run for run in runs if run["hits_reported"] is None]
    if unchecked:
        number = text.n(len(unchecked), "searches without a number of results", "run.hits_reported", "search")
        told.append(f" Of {number} the platform's own number of results is not known.")
    return "".join(told)


def _grouping(text: _Writing, facts: dict[str, Any]) -> str:
    version = importlib.metadata.version("livingsearch")
    told = [
        f"Records of the same report were found with livingsearch {version} (rule set {facts['rule_set'] or 'none'}), "
        "which groups records by named rules and never deletes one.",
        f"It took {text.n(facts['duplicate'], 'pairs called duplicates', 'verdict', 'pair')} of records for duplicates "
        f"and asked a person about {text.n(facts['asked'], 'pairs that a person was asked about', 'verdict', 'pair')}, "
        f"of which {text.n(facts['waiting'], 'pairs that wait for a person', 'verdict, decision')} wait.",
    ]
    if facts["decisions"]:
        decided = text.n(facts["decisions"], "decisions on pairs in force", "decision", "pair")
        people = text.n(facts["deciders"], "people who decided on pairs", "decision.who", "person")
        told.append(f"{_first(decided)} were decided by {people}.")
    records = text.n(facts["records"], "records held", "record, member_at", "record")
    told.append(f"{_first(records)} belong to {text.n(facts['reports'], 'reports held', 'report_event', 'report')}.")
    if facts["withdrawn"]:
        number = text.n(facts["withdrawn"], "runs withdrawn", "run_withdrawn", "run")
        told.append(f"{_first(number)} were withdrawn and count nowhere.")
    return " ".join(told)


def _screening(text: _Writing, flow: WholeFlow) -> str:
    screening, reports = flow.screening, flow.reports
    if not screening.screened.value:
        waiting = text.box(screening.awaiting, "records that await screening", "awaiting screening", "record")
        return f"Awaiting screening: {waiting}."
    screened = text.box(screening.screened, "records screened", "screened", "record")
    excluded = text.box(screening.excluded, "records excluded on title and abstract", "excluded on title and abstract")
    sought = text.box(reports.sought, "reports sought", "sought", "report")
    lost = text.box(reports.not_retrieved, "reports not retrieved", "not retrieved")
    assessed = text.box(reports.assessed, "reports assessed", "assessed")
    out = text.box(reports.excluded, "reports excluded in full text", "excluded in full text")
    told = [
        f"Screened on title and abstract: {screened}, {excluded} of them excluded.",
        f"Sought: {sought}, {lost} of them not retrieved, {assessed} assessed in full text, {out} of these excluded.",
    ]
    unfinished = [
        f"{text.box(count, what, what)} {what}"
        for count, what in (
            (screening.awaiting, "awaiting screening"),
            (screening.pending, "pending on title and abstract"),
            (reports.awaiting, "awaiting retrieval"),
            (reports.pending, "pending in full text"),
        )
        if count.value
    ]
    if unfinished:
        told.append(f"Unfinished: {listed(unfinished)}.")
    included = flow.total or flow.new
    told.append(
        f"The review includes {text.box(included.studies, 'studies included', 'studies included', 'study')} in "
        f"{text.box(included.reports, 'reports included', 'reports included', 'report')}."
    )
    return " ".join(told)


def _between(days: Sequence[date]) -> str:
    first, last = min(days), max(days)
    return f"on {first}" if first == last else f"between {first} and {last}"


def _first(text: str) -> str:
    return text[0].upper() + text[1:]


def _dicts(con: duckdb.DuckDBPyConnection, query: str, position: int, updates: tuple[int, ...]) -> list[dict[str, Any]]:
    bound = {"position": position, "updates": list(updates)}
    rows: list[dict[str, Any]] = con.execute(query, bound).to_arrow_table().to_pylist()
    return rows
