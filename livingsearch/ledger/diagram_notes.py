"""Sentences under a flow diagram: footnotes, and what no box says."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from livingsearch.ledger.boxes import ALREADY_KNOWN, Box
from livingsearch.ledger.whole_flow import Count, OtherMethods, WholeFlow
from livingsearch.ledger.wording import n_equals, number, plain

_MARKS = "†‡§¶"


def notes_of(
    parts: Sequence[WholeFlow], boxes: Iterable[Box], marks: dict[str, str], *, with_other: bool
) -> tuple[str, ...]:
    """The sentences under a diagram.

    Args:
        parts: the flows that it shows.
        boxes: that it shows.
        marks: of typed numbers, by source.
        with_other: whether it has a column of other methods.

    Returns:
        The footnote on duplicates, those of the marks that occur, then what is to say of each part.
    """
    notes = _already_known([flow for flow in parts if splits(flow)], len(parts) > 1)
    text = "\n".join(line.text for box in boxes for line in box.lines)
    notes += [
        f"{mark} Typed, not derived from records: {plain(source) or 'source not named'}."
        for source, mark in marks.items()
        if mark in text
    ]
    for flow in parts:
        told = [plain(note) for note in flow.notes if not _is_marked(note, marks)]
        said = [*(note for note in _unsplit(flow) if not any(one.startswith(note[:-1]) for one in told)), *told]
        if flow.other is not None and not with_other:
            said.append(_without_box(flow.other))
        where = f"{plain(flow.label)}: " if len(parts) > 1 else ""
        notes += [f"{where}{note}" for note in said]
    if pairs := parts[-1].possible_pairs:
        what = "1 pair" if pairs == 1 else f"{pairs:,} pairs"
        notes.append(f"Possible duplicates waiting for a person, in all updates so far: {what}.")
    return tuple(notes)


def marks_of(flows: Sequence[WholeFlow]) -> dict[str, str]:
    """Footnote marks of typed numbers, by who says so, in the order in which they are met."""
    sources = dict.fromkeys(c.source or "" for flow in flows for c in _counts(flow) if c.origin == "manual")
    return {source: _MARKS[i % len(_MARKS)] * (1 + i // len(_MARKS)) for i, source in enumerate(sources)}


def _counts(value: Any) -> list[Count]:
    if isinstance(value, Count):
        return [value]
    if isinstance(value, tuple):
        return [found for one in value for found in _counts(one)]
    if is_dataclass(value):
        return [found for field in fields(value) for found in _counts(getattr(value, field.name))]
    return []


def is_update(flow: WholeFlow) -> bool:
    """Whether a flow adds to an earlier version, so that its studies are new ones."""
    return flow.previous is not None or bool(flow.updates and min(flow.updates) > 1)


def splits(flow: WholeFlow) -> bool:
    """Whether the footnote on duplicates says anything: nothing is already known to a first search."""
    return flow.identification.already_known.value != 0 or is_update(flow)


def _already_known(flows: list[WholeFlow], labelled: bool) -> list[str]:
    if not flows:
        return []
    known = "already known (the same source returned them in an earlier update)"
    numbers = [(number(f.identification.already_known), number(f.identification.duplicates)) for f in flows]
    if not labelled:
        return [f"{ALREADY_KNOWN} Of these, {known}: {numbers[0][0]}; other duplicates: {numbers[0][1]}."]
    said = "; ".join(f"{plain(f.label)} {one} and {two}" for f, (one, two) in zip(flows, numbers, strict=True))
    return [f"{ALREADY_KNOWN} Of these, {known}, and other duplicates: {said}."]


def _is_marked(note: str, marks: dict[str, str]) -> bool:
    """Whether a note says of typed numbers what their mark's footnote says."""
    return note.startswith("Numbers typed") and any(source and source in note for source in marks)


def _unsplit(flow: WholeFlow) -> list[str]:
    found = flow.identification
    kinds = (("database", found.databases), ("register", found.registers))
    return [
        f"Split by {kind} not reported."
        for kind, box in kinds
        if box.value != 0 and not any(source.kind == kind for source in found.sources)
    ]


def _without_box(other: OtherMethods) -> str:
    ways = (
        ("websites", other.websites),
        ("organisations", other.organisations),
        ("citation searching", other.citation_searching),
    )
    listed = ", ".join(f"{way} {n_equals(count, {})}" for way, count in ways)
    return f"Not in these boxes, records identified via other methods: {listed}."
