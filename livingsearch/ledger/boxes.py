"""The boxes of a PRISMA 2020 flow diagram, in the statement's own words; drawn as text and as SVG elsewhere.

Identification and screening up to the first screening box are made here; later boxes need screening results.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from livingsearch.ledger.flow import Flow, SourceCounts

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a box, still to be wrapped.

    Attributes:
        text: plain text; a count in it does not break.
        level: how far it stands in, from 0.
        name: what it counts, unique in the diagram, fit for an XML id.
        heading: whether it heads its box.
    """

    text: str
    level: int
    name: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """One box.

    Attributes:
        name: unique in the diagram, fit for an XML id.
        summary: the box in one sentence, for those who hear the diagram.
        lines: its text, in order.
    """

    name: str
    summary: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Boxes:
    """What a diagram shows.

    Attributes:
        title: of the review.
        subtitle: which update, and until when the counts hold.
        header: PRISMA's heading of the column.
        identified: the box of identification.
        removed: the box beside it.
        screening: the box below it.
        notes: sentences under the diagram.
    """

    title: str
    subtitle: str
    header: str
    identified: Box
    removed: Box
    screening: Box
    notes: tuple[str, ...]


def boxes_of(flow: Flow) -> Boxes:
    """Put a flow's counts into PRISMA's words.

    Args:
        flow: the counts of one update, or of several together.

    Returns:
        The diagram's text. Text that came from data is one line each, without control characters.
    """
    return Boxes(
        title=plain(flow.review_title) or "Untitled review",
        subtitle=_subtitle(flow),
        header=_header(flow),
        identified=_identified(flow),
        removed=_removed(flow),
        screening=_screening(flow),
        notes=_notes(flow),
    )


def plain(text: str) -> str:
    """Text on one line: white space is one space, control and format characters are gone.

    Args:
        text: anything, e.g. a title from a review's file.

    Returns:
        Text that is safe on a terminal and, once escaped, in XML.
    """
    kept = (
        " " if unicodedata.category(character) == "Cc" else character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in {"Cf", "Cs"} and character not in "\ufffe\uffff"
    )
    return " ".join("".join(kept).split())


def wrap(text: str, limit: float, measure: Callable[[str], float], hanging: float = 0) -> list[str]:
    """Break text into lines; between words, and inside a word only where it is wider than a line.

    Args:
        text: one line of plain text; a no-break space holds words together.
        limit: the width that no line may exceed.
        measure: width of a piece of text, the sum of the widths of its characters.
        hanging: by how much later lines are narrower than the first.

    Returns:
        The lines, at least one. A single character wider than the limit stands alone.
    """
    lines: list[str] = []
    current, used = "", 0.0
    space = measure(" ")
    for word in text.split(" "):
        width = measure(word)
        room = limit - (hanging if lines else 0)
        if current and used + space + width <= room:
            current, used = f"{current} {word}", used + space + width
            continue
        if current:
            lines.append(current)
        room = limit - (hanging if lines else 0)
        *full, current = _pieces(word, limit - hanging, measure) if width > room else [word]
        lines.extend(full)
        used = measure(current)
    return [*lines, current]


def number(count: int) -> str:
    """A count as the diagram shows it: `12,345`."""
    return f"{count:,}"


def _pieces(word: str, limit: float, measure: Callable[[str], float]) -> list[str]:
    pieces = [""]
    used = 0.0
    for character in word:
        width = measure(character)
        if pieces[-1] and used + width > limit:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += width
    return pieces


def _n(count: int) -> str:
    return f"(n{_NO_BREAK_SPACE}={_NO_BREAK_SPACE}{number(count)})"


def _is_base(flow: Flow) -> bool:
    return 1 in flow.updates or flow.update == 1


def _header(flow: Flow) -> str:
    what = "studies" if _is_base(flow) else "new studies"
    return f"Identification of {what} via databases and registers"


def _subtitle(flow: Flow) -> str:
    if flow.update is not None:
        name = f"Update {flow.update}"
    elif len(flow.updates) > 1:
        name = f"Updates {_ranges(flow.updates)} together"
    else:
        name = "Update " + "".join(str(one) for one in flow.updates) if flow.updates else "No update closed yet"
    if flow.closed_at is not None:
        return f"{name}, closed {flow.closed_at:%Y-%m-%d %H:%M} UTC"
    return f"{name}, still open: these counts may change" if flow.updates or flow.update else name


def _ranges(numbers: tuple[int, ...]) -> str:
    ordered = sorted(set(numbers))
    if ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]} to {ordered[-1]}"
    return ", ".join(str(one) for one in ordered)


def _identified(flow: Flow) -> Box:
    lines = [Line("Records identified from:", 0, "identified-heading", heading=True)]
    for kind, heading, total in (
        ("database", "Databases", flow.identified_databases),
        ("register", "Registers", flow.identified_registers),
    ):
        lines.append(Line(f"{heading} {_n(total)}", 1, heading.lower()))
        lines += [
            Line(_source_text(flow, source), 2, f"source-{place}")
            for place, source in enumerate(flow.sources, 1)
            if source.kind == kind
        ]
    summary = f"Records identified from databases: {number(flow.identified_databases)}; "
    summary += f"from registers: {number(flow.identified_registers)}."
    return Box("identified", summary, tuple(lines))


def _source_text(flow: Flow, source: SourceCounts) -> str:
    label = plain(source.label) or plain(source.slug) or "unnamed source"
    if source.searched:
        return f"{label} {_n(source.identified)}"
    return f"{label}: not searched in {'this update' if flow.update is not None else 'these updates'}"


def _removed(flow: Flow) -> Box:
    duplicates = flow.already_known + flow.duplicates
    summary = (
        f"Records removed before screening: {number(duplicates)} duplicate records, "
        f"{number(flow.automation_excluded)} marked as ineligible by automation tools, "
        f"{number(flow.other_reasons)} for other reasons."
    )
    return Box(
        "removed",
        summary,
        (
            Line("Records removed before screening:", 0, "removed-heading", heading=True),
            Line(f"Duplicate records removed¹ {_n(duplicates)}", 1, "duplicates"),
            Line(
                f"Records marked as ineligible by automation tools {_n(flow.automation_excluded)}",
                1,
                "automation",
            ),
            Line(f"Records removed for other reasons {_n(flow.other_reasons)}", 1, "other-reasons"),
        ),
    )


def _screening(flow: Flow) -> Box:
    if flow.screened is None:
        text = f"Records awaiting screening {_n(flow.to_screen)}"
        return Box("screening", f"{plain(text)}.", (Line(text, 0, "awaiting"),))
    lines = [Line(f"Records screened {_n(flow.screened)}", 0, "screened")]
    # Without this line a screening that is not finished would look like lost records.
    if waiting := flow.to_screen - flow.screened:
        lines.append(Line(f"Records awaiting screening {_n(waiting)}", 0, "awaiting"))
    return Box("screening", "; ".join(plain(line.text) for line in lines) + ".", tuple(lines))


def _notes(flow: Flow) -> tuple[str, ...]:
    pairs = "1 pair" if flow.possible_pairs == 1 else f"{number(flow.possible_pairs)} pairs"
    notes = [
        f"¹ Of these, already known (the same source returned them in an earlier update): "
        f"{number(flow.already_known)}; other duplicates: {number(flow.duplicates)}.",
        f"Possible duplicates waiting for a person, in all updates so far: {pairs}.",
    ]
    notes += [
        f"{plain(source.label)}: only records that it took up since {source.searched_since} were searched."
        for source in flow.sources
        if source.searched_since
    ]
    # The boxes cover databases and registers only; what came another way must not vanish unseen.
    notes += [
        f"Not in these boxes, identified via other methods: {_source_text(flow, source)}."
        for source in flow.sources
        if source.kind not in {"database", "register"}
    ]
    return tuple(notes)
