"""Which boxes a flow diagram shows, and in which order: the four PRISMA 2020 templates and four living layouts.

The templates are those of Page et al. 2021 (10.1136/bmj.n71), the living layouts those of Kahale et al. 2022
(10.12688/f1000research.51723.3). A number that a layout has no box for is said under the diagram.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal, get_args

from livingsearch.ledger.boxes import Box, Writer
from livingsearch.ledger.diagram_notes import is_update, marks_of, notes_of, splits
from livingsearch.ledger.together import NOTHING, together
from livingsearch.ledger.whole_flow import OtherMethods, WholeFlow
from livingsearch.ledger.whole_flow import total as total_of
from livingsearch.ledger.wording import plain

LayoutName = Literal[
    "new", "new-other", "updated", "updated-other", "columns", "combined", "base-updates", "earlier-latest"
]
LAYOUT_NAMES: tuple[LayoutName, ...] = get_args(LayoutName)
"""The four templates (new or updated review, without and with other methods), then the four living layouts."""

_ROOM = 40
_MAIN, _OTHER, _PREVIOUS = 11, 9, 6
"""How much of a row the streams of an update and the box of previous studies take: two updates with other methods."""
_LONG = 500
"""Letters of a list (reasons, sources) from which on an update needs twice the room to be read."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One way in which studies were identified, from top to bottom.

    Attributes:
        name: unique in the diagram.
        label: what it covers, where a diagram has several parts.
        header: PRISMA's heading.
        main: whether it is that of databases and registers.
        rows: a box and the one beside it, or None where there is none; identification, screening, retrieval,
            eligibility.
    """

    name: str
    label: str | None
    header: str
    main: bool
    rows: tuple[tuple[Box | None, Box | None], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An update, or several together: its streams end in one box of included studies.

    Attributes:
        streams: databases and registers first.
        included: None where the flow ends before it.
    """

    streams: tuple[Stream, ...]
    included: Box | None


@dataclass(frozen=True, slots=True)
class Tier:
    """Parts beside each other.

    Attributes:
        previous: box of previous studies, whose arrow goes to the total.
        parts: in order.
        total: box of all studies.
    """

    previous: Box | None
    parts: tuple[Part, ...]
    total: Box | None


@dataclass(frozen=True, slots=True)
class Diagram:
    """What a diagram shows.

    Attributes:
        title: of the review.
        subtitle: what it covers, and until when the counts hold.
        tiers: one below the other; more than one where many updates stand beside each other.
        notes: sentences under the diagram.
        flows: the counts that are drawn, one a part.
    """

    title: str
    subtitle: str
    tiers: tuple[Tier, ...]
    notes: tuple[str, ...]
    flows: tuple[WholeFlow, ...]

    def boxes(self) -> list[Box]:
        """All boxes, in reading order."""
        found: list[Box | None] = []
        for tier in self.tiers:
            found.append(tier.previous)
            for part in tier.parts:
                found += [box for stream in part.streams for row in stream.rows for box in row]
                found.append(part.included)
            found.append(tier.total)
        return [box for box in found if box is not None]


def default_layout(flows: Sequence[WholeFlow]) -> LayoutName:
    """The template that shows all of the last flow, or each update beside the others where there are several."""
    if len(flows) > 1:
        return "columns"
    other = flows[-1].other is not None
    if flows[-1].previous is not None:
        return "updated-other" if other else "updated"
    return "new-other" if other else "new"


Join = Callable[[Sequence[WholeFlow], str], WholeFlow]
"""Makes one flow of several; the text is its label."""


def diagram_of(
    flows: Sequence[WholeFlow],
    layout: LayoutName | None = None,
    *,
    screening_only: bool = False,
    join: Join = together,
) -> Diagram:
    """Arrange flows as a layout wants them.

    Args:
        flows: one an update, in their order; at least one. The templates of a new review show them all together, those
            of an updated review the last one.
        layout: None for `default_layout`.
        screening_only: end with the box of screening, where nothing is known of what follows.
        join: makes one flow of several; else row sums are taken.

    Returns:
        The diagram's words. Text that came from data is one line each, without control characters.
    """
    layout = layout or default_layout(flows)
    parts = _parts(list(flows), layout, join)
    updated = layout in {"updated", "updated-other"}
    covered = flows[-1:] if updated else flows
    marks = marks_of(covered)
    with_other = layout not in {"new", "updated"}
    numbers = count(1)
    tiers = []
    for place, group in enumerate(_tiers(parts, with_other)):
        named = [f"part-{next(numbers)}-" if len(parts) > 1 else "" for _ in group]
        drawn = tuple(
            _part(Writer(prefix, marks), flow, with_other, len(parts) > 1, screening_only)
            for prefix, flow in zip(named, group, strict=True)
        )
        tiers.append(_tier(Writer(f"tier-{place + 1}-" if place else "", marks), group, drawn, updated, place))
    diagram = Diagram(_title(flows), _subtitle(covered), tuple(tiers), (), tuple(parts))
    return replace(diagram, notes=notes_of(parts, diagram.boxes(), marks, with_other=with_other))


def _parts(flows: list[WholeFlow], layout: LayoutName, join: Join) -> list[WholeFlow]:
    def joined(some: list[WholeFlow]) -> WholeFlow:
        return some[0] if len(some) == 1 else join(some, _span(some))

    if layout in {"updated", "updated-other"}:
        return flows[-1:]
    if layout in {"new", "new-other", "combined"} or len(flows) == 1:
        return [joined(flows)]
    if layout == "base-updates":
        return [flows[0], joined(flows[1:])]
    if layout == "earlier-latest":
        return [joined(flows[:-1]), flows[-1]]
    return flows


def _span(flows: Sequence[WholeFlow]) -> str:
    if len(flows) == 1:
        return flows[0].label
    return f"{flows[0].label} to {flows[-1].label}"


def _tiers(parts: list[WholeFlow], with_other: bool) -> list[list[WholeFlow]]:
    tiers: list[list[WholeFlow]] = [[]]
    used = 0
    for flow in parts:
        room = (_MAIN + (_OTHER if with_other and flow.other is not None else 0)) * (2 if _is_long(flow) else 1)
        if tiers[-1] and used + room > _ROOM:
            tiers.append([])
            used = _PREVIOUS
        tiers[-1].append(flow)
        used += room
    return tiers


def _is_long(flow: WholeFlow) -> bool:
    lists = ([one.text for one in flow.reports.reasons], [one.label for one in flow.identification.sources])
    return any(sum(map(len, texts)) > _LONG for texts in lists)


def _tier(writer: Writer, flows: list[WholeFlow], drawn: tuple[Part, ...], updated: bool, place: int) -> Tier:
    """A tier below another is an updated review: it begins with the studies of those above."""
    first, last = flows[0], flows[-1]
    total = last.total
    if updated and total is None:
        total = last.new
    # In the templates of a new review there is neither box; several parts need their sum.
    if not updated and len(flows) == 1 and place == 0 and last.removed_studies.value == 0 and first.previous is None:
        total = None
    if drawn[-1].included is None:
        total = None
    previous = first.previous or (NOTHING if updated else None)
    return Tier(
        previous=writer.previous(previous) if previous and total else None,
        parts=drawn,
        total=writer.total(total, total_of(f.removed_studies for f in flows)) if total else None,
    )


def _part(writer: Writer, flow: WholeFlow, with_other: bool, labelled: bool, screening_only: bool) -> Part:
    new = is_update(flow)
    what = "new studies" if new else "studies"
    label = plain(flow.label) if labelled else None
    rows: list[tuple[Box | None, Box | None]] = [
        (writer.identified(flow), writer.removed(flow.identification, footnote=splits(flow))),
        (writer.screened(flow.screening), None if screening_only else writer.records_excluded(flow.screening)),
    ]
    if not screening_only:
        rows += [
            (writer.sought(flow.reports), writer.not_retrieved(flow.reports)),
            (writer.assessed(flow.reports), writer.reports_excluded(flow.reports)),
        ]
    header = f"Identification of {what} via databases and registers"
    streams = [Stream(f"{writer.prefix}header", label, header, True, tuple(rows))]
    if with_other and flow.other is not None and not screening_only:
        streams.append(_other_stream(writer, flow.other, label, what))
    return Part(tuple(streams), None if screening_only else writer.included(flow.new, new=new))


def _other_stream(writer: Writer, other: OtherMethods, label: str | None, what: str) -> Stream:
    reports = other.reports
    return Stream(
        f"{writer.prefix}other-header",
        label,
        f"Identification of {what} via other methods",
        False,
        (
            (writer.identified_elsewhere(other), None),
            (None, None),
            (writer.sought(reports, "other-"), writer.not_retrieved(reports, "other-")),
            (writer.assessed(reports, "other-"), writer.reports_excluded(reports, "other-")),
        ),
    )


def _title(flows: Sequence[WholeFlow]) -> str:
    return plain(flows[-1].review_title) or "Untitled review"


def _subtitle(flows: Sequence[WholeFlow]) -> str:
    label, as_of = plain(_span(flows)), flows[-1].as_of
    return f"{label}, counts as of {as_of:%Y-%m-%d %H:%M} UTC" if as_of else label
