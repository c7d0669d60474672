"""What is said against a field tag behind a bracket: PubMed ignores it, so each term needs its own."""

from bisect import bisect_right
from collections.abc import Sequence

from livingsearch.strategy.findings import Finding
from livingsearch.strategy.grammar import Close, Open, Piece, Term
from livingsearch.strategy.pubmed.fields import Tag
from livingsearch.strategy.pubmed.values import ValueReader
from livingsearch.strategy.tree import LineRef, Near, Phrase, Place, Word

_LONGEST = 5_000
_MAPPING = ("F003", "T004")


def note_group_tag(values: ValueReader, pieces: Sequence[Piece], tag: Tag, tag_place: Place) -> None:
    """Adds F002.

    Args:
        values: whose findings it is added to.
        pieces: all before the tag; the last one closes the group, or refers to a line.
        tag: as it was read.
        tag_place: where it stands.
    """
    first = _first_of_group(pieces)
    group = pieces[first:]
    place = Place(group[0].place.start, tag_place.end)
    written = values.original[tag_place.start : tag_place.end]
    recommended = ""
    if place.end - place.start <= _LONGEST and not any(_is_reference(piece) for piece in group):
        recommended = _spread(values.original, group, written, Place(place.start, group[-1].place.end))
    bare = _around_everything(pieces, first)
    if bare and recommended.startswith("("):
        recommended = recommended[1:-1]
    values.say(
        "F002",
        "error",
        f"PubMed ignores a field tag behind brackets: the terms within are mapped automatically. {written} belongs "
        "behind each of them; they were read that way.",
        place,
        recommended,
    )


def _first_of_group(pieces: Sequence[Piece]) -> int:
    depth = 0
    for at in range(len(pieces) - 1, -1, -1):
        depth += isinstance(pieces[at], Close) - isinstance(pieces[at], Open)
        if depth <= 0:
            return at
    return 0


def _around_everything(pieces: Sequence[Piece], first: int) -> bool:
    """Whether the group is one term, so that its brackets go with the tag."""
    return len(pieces) - first == 3


def _is_reference(piece: Piece) -> bool:
    return isinstance(piece, Term) and isinstance(piece.node, LineRef)


def _spread(text: str, group: Sequence[Piece], tag: str, place: Place) -> str:
    """The group's text with the tag behind each term that has none."""
    out: list[str] = []
    at = place.start
    for piece in group:
        if isinstance(piece, Term) and isinstance(piece.node, Word | Phrase | Near):
            out += [text[at : piece.place.end], tag]
            at = piece.place.end
    return "".join(out) + text[at : place.end]


def without_mapping_within(findings: list[Finding]) -> list[Finding]:
    """Takes back what was said of terms for having no tag where F002 says it of their group.

    Args:
        findings: in the order of the text.
    """
    tagged: list[Place] = []
    for finding in findings:
        if finding.code == "F002" and not (tagged and finding.place.end <= tagged[-1].end):
            tagged.append(finding.place)
    starts = [place.start for place in tagged]

    def covered(place: Place) -> bool:
        at = bisect_right(starts, place.start) - 1
        return at >= 0 and place.end <= tagged[at].end

    return [finding for finding in findings if finding.code not in _MAPPING or not covered(finding.place)]
