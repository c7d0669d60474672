"""The counts of a PRISMA 2020 flow diagram, as data; what computes and what draws them meet here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """One source's column of an update (or of several, summed).

    Attributes:
        slug: the source as the review's file names it.
        label: as a reader should see it, e.g. `Embase (Ovid)`.
        kind: `database`, `register` or `other`.
        searched: False where the update was closed without a run of this source.
        date_searched: of the counting run; None where not searched.
        identified: records received by the counting run, occurrences included.
        already_known: of these, found by this source in an earlier update.
        duplicates: of the others, those whose report another record brings to screening or brought before.
        to_screen: of the others, the one record by which its report goes to screening.
        searched_since: first day on which the source took up the records that were searched; None for all records,
            and for several updates together.
    """

    slug: str
    label: str
    kind: str
    searched: bool
    date_searched: date | None
    identified: int
    already_known: int
    duplicates: int
    to_screen: int
    searched_since: date | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of one update, or of all closed updates together.

    Attributes:
        review_title: for the diagram's title.
        update: the update's number, or None for the total over `updates`.
        updates: numbers of the updates that the counts cover.
        closed_at: instant (UTC) at which the (last) update was closed; None while it is open.
        position: position in the review's log up to which the counts hold.
        sources: one column a source, in the order of the review's file.
        identified_databases: records from sources of kind `database`.
        identified_registers: records from sources of kind `register`.
        already_known: records that the same source had returned in an earlier update.
        duplicates: other records removed as duplicates.
        automation_excluded: marked as ineligible by automation tools.
        other_reasons: removed before screening for other reasons.
        to_screen: reports released for screening by this update.
        screened: of these, screened; None while no decisions are recorded.
        possible_pairs: pairs of reports, from all updates, waiting for a person to say whether they are duplicates.
    """

    review_title: str
    update: int | None
    updates: tuple[int, ...]
    closed_at: datetime | None
    position: int
    sources: tuple[SourceCounts, ...]
    identified_databases: int
    identified_registers: int
    already_known: int
    duplicates: int
    automation_excluded: int
    other_reasons: int
    to_screen: int
    screened: int | None
    possible_pairs: int

    @property
    def identified(self) -> int:
        """All records identified."""
        return self.identified_databases + self.identified_registers

    @property
    def removed(self) -> int:
        """All records removed before screening."""
        return self.already_known + self.duplicates + self.automation_excluded + self.other_reasons


def total_flow(flows: Sequence[Flow]) -> Flow:
    """The flow of several closed updates together: row sums of their columns.

    Args:
        flows: at least one, in the order of updates.

    Returns:
        A flow without an update's number; possible pairs are those of the last.
    """
    last = flows[-1]
    named = dict.fromkeys((c.slug, c.kind) for flow in flows for c in flow.sources)
    return replace(
        last,
        update=None,
        updates=tuple(n for flow in flows for n in flow.updates),
        sources=tuple(_summed([c for f in flows for c in f.sources if (c.slug, c.kind) == name]) for name in named),
        screened=None if last.screened is None else sum(f.screened or 0 for f in flows),
        **{name: sum(getattr(f, name) for f in flows) for name in _SUMS},
    )


def _summed(columns: list[SourceCounts]) -> SourceCounts:
    return replace(
        columns[-1],
        searched=any(c.searched for c in columns),
        date_searched=max((c.date_searched for c in columns if c.date_searched), default=None),
        searched_since=None,
        **{name: sum(getattr(c, name) for c in columns) for name in _SOURCE_SUMS},
    )


_SOURCE_SUMS = ("identified", "already_known", "duplicates", "to_screen")
_SUMS = (
    *("identified_databases", "identified_registers", "already_known", "duplicates"),
    *("automation_excluded", "other_reasons", "to_screen"),
)


def flow_to_dict(flow: Flow) -> dict[str, Any]:
    """A flow as plain JSON values; `flow_from_dict` reads it back to an equal flow."""
    return {
        **{f.name: getattr(flow, f.name) for f in fields(Flow)},
        "updates": list(flow.updates),
        "closed_at": flow.closed_at.isoformat() if flow.closed_at else None,
        "sources": [{**asdict(c), **{name: _written(getattr(c, name)) for name in _DAYS}} for c in flow.sources],
    }


def flow_from_dict(values: Mapping[str, Any]) -> Flow:
    """The flow that `flow_to_dict` wrote."""
    # Counts that were frozen by an older version lack what it did not know.
    sources = tuple(SourceCounts(**{**c, **{name: _day(c.get(name)) for name in _DAYS}}) for c in values["sources"])
    closed_at = datetime.fromisoformat(values["closed_at"]) if values["closed_at"] else None
    return Flow(**{**values, "updates": tuple(values["updates"]), "closed_at": closed_at, "sources": sources})


_DAYS = ("date_searched", "searched_since")


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
