"""The boxes of one update, before several are summed: derived from rows, or typed where people counted elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from livingsearch.ledger.standing import STATES
from livingsearch.ledger.whole_flow import (
    NONE,
    NOT_REPORTED,
    Count,
    Identification,
    OtherMethods,
    Reason,
    Retrieval,
    Screening,
    SourceColumn,
    total,
)

METHODS = {"websites": "websites", "organisations": "organisations", "citation searching": "citation_searching"}
"""Methods of sources of kind `other`, and their boxes."""

BOXES: Mapping[str, tuple[str, ...]] = {
    "identification": ("databases", "registers", "already_known", "duplicates", "automation", "other_reasons"),
    "screening": ("screened", "excluded", "awaiting", "pending"),
    "retrieval": ("sought", "not_retrieved", "awaiting", "assessed", "excluded", "pending", "included"),
    "other": (
        *METHODS.values(),
        "set_aside",
        *("sought", "not_retrieved", "awaiting", "assessed", "excluded", "pending", "included"),
    ),
    "included": ("studies", "reports", "removed_studies"),
    "previous": ("studies", "reports"),
    "total": ("studies", "reports"),
}
"""Boxes that can be typed, by group. Of a group with one typed number nothing is derived."""

LABELLED: Mapping[str, tuple[str, ...]] = {
    "identification": ("database", "register"),
    "retrieval": ("reason",),
    "other": ("reason",),
}
"""Boxes with a number a label."""

_EMPTY_UNLESS_TYPED = ("registers", "already_known", "automation", "other_reasons", "awaiting", "pending", "set_aside")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source brought in one update, as counted from rows.

    Attributes:
        slug: of the source.
        label: as it was run, or is declared.
        kind: `database`, `register` or `other`.
        method: of an `other` one.
        searched: whether a run counts.
        date_searched: of that run.
        since: first day that it searched; None for all.
        identified: records of the run.
        new: of these, counted for the first time.
        to_screen: of the new, those that bring their report.
    """

    slug: str
    label: str
    kind: str
    method: str | None
    searched: bool
    date_searched: date | None = None
    since: date | None = None
    identified: int = 0
    new: int = 0
    to_screen: int = 0


@dataclass(frozen=True, slots=True)
class Typed:
    """The numbers that a person typed for an update.

    Attributes:
        source: who says so.
        numbers: by box, such as `screening.screened`, and label, which is empty for a box without.
    """

    source: str
    numbers: Mapping[tuple[str, str], int]

    def has(self, group: str) -> bool:
        """Whether a number of the group was typed."""
        return any(box.startswith(f"{group}.") for box, _ in self.numbers)

    def count(self, group: str, name: str) -> Count:
        """A box: as typed, or 0 where that is what silence means, or not reported."""
        value = self.numbers.get((f"{group}.{name}", ""))
        if value is None:
            empty = name in _EMPTY_UNLESS_TYPED or (group == "other" and name in METHODS.values())
            return Count(0, "manual", self.source) if empty else NOT_REPORTED
        return Count(value, "manual", self.source)

    def labelled(self, group: str, name: str) -> list[tuple[str, Count]]:
        """The numbers of a box with labels, in the order typed."""
        box = f"{group}.{name}"
        return [(text, Count(n, "manual", self.source)) for (key, text), n in self.numbers.items() if key == box]


@dataclass(frozen=True, slots=True)
class UpdateParts:
    """The boxes of one update.

    Attributes:
        update: its number.
        identification: of databases and registers.
        screening: on title and abstract.
        reports: of databases and registers, sought and assessed.
        other: None where the update has no source of another method.
        typed: what was typed, if anything.
        windows: sources of which only a part was searched, and since when.
        other_known: records by other methods that were known, or that a database brought too.
        states: how many reports stand in each state; those by other methods under `other: …`.
    """

    update: int
    identification: Identification
    screening: Screening
    reports: Retrieval
    other: OtherMethods | None
    typed: Typed | None = None
    windows: tuple[tuple[str, date], ...] = ()
    other_known: int = 0
    states: Mapping[str, int] = field(default_factory=dict)


def parts_of(
    update: int,
    sources: list[SourceRow],
    states: Mapping[tuple[bool, str], int],
    reasons: Mapping[bool, Mapping[str, int]],
    typed: Typed | None,
) -> UpdateParts:
    """The boxes of an update.

    Args:
        update: its number.
        sources: what each brought.
        states: how many reports stand in each state of `standing.STATES`, those by other methods under True.
        reasons: of reports excluded in full text, likewise.
        typed: what was typed for the update.

    Returns:
        The boxes, typed groups in place of derived ones.
    """
    ours = {state: states.get((False, state), 0) for state in STATES}
    searched = [s for s in sources if s.kind != "other"]
    columns = tuple(_column(s) for s in searched)
    identification = Identification(
        sources=columns,
        databases=total(c.identified for c in columns if c.kind == "database"),
        registers=total(c.identified for c in columns if c.kind == "register"),
        already_known=total(c.already_known for c in columns),
        duplicates=total(c.duplicates for c in columns),
        automation=Count(ours["automation"]),
        other_reasons=Count(ours["other reason"]),
    )
    later = STATES[STATES.index("not retrieved") :]
    sought = sum(ours[state] for state in later)
    screening = Screening(
        screened=Count(sought + ours["excluded on title"] + ours["pending on title"]),
        excluded=Count(ours["excluded on title"]),
        awaiting=Count(ours["awaiting screening"]),
        pending=Count(ours["pending on title"]),
    )
    theirs = {state: states.get((True, state), 0) for state in STATES}
    by_other = [s for s in sources if s.kind == "other"]
    other = None
    if by_other or any(theirs.values()):
        boxes = {box: sum(s.identified for s in by_other if s.method == m) for m, box in METHODS.items()}
        reports = _retrieval(theirs, reasons.get(True, {}))
        set_aside = sum(boxes.values()) - (reports.sought.value or 0)
        other = OtherMethods(**{box: Count(n) for box, n in boxes.items()}, reports=reports, set_aside=Count(set_aside))
    derived = UpdateParts(
        update,
        identification,
        screening,
        _retrieval(ours, reasons.get(False, {})),
        other,
        windows=tuple((s.label, s.since) for s in searched if s.since),
        other_known=sum(s.identified - s.to_screen for s in by_other),
        states={**ours, **{f"other: {state}": n for state, n in theirs.items()}},
    )
    return derived if typed is None else _with_typed(derived, typed)


def _column(source: SourceRow) -> SourceColumn:
    return SourceColumn(
        slug=source.slug,
        label=source.label,
        kind=source.kind,
        searched=source.searched,
        date_searched=source.date_searched,
        identified=Count(source.identified),
        already_known=Count(source.identified - source.new),
        duplicates=Count(source.new - source.to_screen),
        to_screen=Count(source.to_screen),
    )


def _retrieval(states: Mapping[str, int], reasons: Mapping[str, int]) -> Retrieval:
    assessed = states["pending"] + states["excluded"] + states["included"]
    return Retrieval(
        sought=Count(assessed + states["not retrieved"] + states["awaiting retrieval"]),
        not_retrieved=Count(states["not retrieved"]),
        awaiting=Count(states["awaiting retrieval"]),
        assessed=Count(assessed),
        reasons=tuple(Reason(text, Count(n)) for text, n in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        excluded=Count(states["excluded"]),
        pending=Count(states["pending"]),
        included=Count(states["included"]),
    )


def _with_typed(derived: UpdateParts, typed: Typed) -> UpdateParts:
    parts = replace(derived, typed=typed)
    if typed.has("identification"):
        parts = replace(parts, identification=_typed_identification(typed))
    if typed.has("screening"):
        names = BOXES["screening"]
        parts = replace(parts, screening=Screening(**{name: typed.count("screening", name) for name in names}))
    if typed.has("retrieval"):
        parts = replace(parts, reports=_typed_retrieval(typed, "retrieval"))
    elif typed.has("screening") and not derived.reports.sought.value:
        # Nobody says anything of what followed, which is not the same as nothing.
        parts = replace(parts, reports=_UNKNOWN)
    if typed.has("other"):
        boxes = {name: typed.count("other", name) for name in (*METHODS.values(), "set_aside")}
        parts = replace(parts, other=OtherMethods(**boxes, reports=_typed_retrieval(typed, "other")))
    return parts


def _typed_identification(typed: Typed) -> Identification:
    columns = tuple(
        SourceColumn(
            slug=f"{kind}-{place}",
            label=label,
            kind=kind,
            searched=True,
            date_searched=None,
            identified=count,
            already_known=NOT_REPORTED,
            duplicates=NOT_REPORTED,
            to_screen=NOT_REPORTED,
        )
        for kind in ("database", "register")
        for place, (label, count) in enumerate(typed.labelled("identification", kind), 1)
    )
    boxes = {name: typed.count("identification", name) for name in BOXES["identification"]}
    for kind, box in (("database", "databases"), ("register", "registers")):
        named = [c.identified for c in columns if c.kind == kind]
        if named and ("identification." + box, "") not in typed.numbers:
            boxes[box] = total(named)
    return Identification(sources=columns, **boxes)


def _typed_retrieval(typed: Typed, group: str) -> Retrieval:
    boxes = {name: typed.count(group, name) for name in BOXES["retrieval"]}
    reasons = tuple(Reason(text, count) for text, count in typed.labelled(group, "reason"))
    if reasons and boxes["excluded"].value is None:
        boxes["excluded"] = total(reason.reports for reason in reasons)
    return Retrieval(**boxes, reasons=reasons)


_UNKNOWN = Retrieval(NOT_REPORTED, NOT_REPORTED, NONE, NOT_REPORTED, (), NOT_REPORTED, NONE)
