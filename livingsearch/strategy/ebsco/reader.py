"""Reads searches of EBSCOhost: single ones, and search histories."""

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ebsco.characters import cleaned
from livingsearch.strategy.ebsco.lines import history_of
from livingsearch.strategy.ebsco.pieces import Cutter
from livingsearch.strategy.ebsco.proximity import in_one_field
from livingsearch.strategy.findings import Finding, search_error
from livingsearch.strategy.grammar import Binding, Operator, tree_of
from livingsearch.strategy.search import Line, Search
from livingsearch.strategy.tree import Place

# EBSCO help, "Searching with Boolean operators": AND takes precedence over OR. Where NOT stands is not said there; it
# is read on the level of AND. Terms beside a bracket without an operator make the search fail (EBSCO knowledge base).
BINDING = Binding(
    levels=(frozenset(("near",)), frozenset(("and", "not")), frozenset(("or",))),
    mixed="warning",
    reads_mixed="AND before OR",
)


def read(text: str, dialect: Dialect) -> Search:
    """Reads a search of EBSCOhost.

    Args:
        text: one search, or a numbered list (`S1 TI peer*`), with or without the columns of a search history.
        dialect: the database decides which thesaurus headings are of.

    Returns:
        Its lines as trees, in the order of their numbers, and what was noticed.

    Raises:
        SearchTextError: it cannot be read.
    """
    findings: list[Finding] = []
    history = history_of(cleaned(text, findings), findings)
    cutter = Cutter(history.text, dialect, bare=history.bare, findings=findings)
    lines: list[Line] = []
    for raw in history.lines:
        place = Place(raw.start, raw.end)
        pieces = cutter.pieces(raw.start, raw.end)
        node = tree_of(pieces, text, BINDING, findings, place)
        if any(isinstance(piece, Operator) and piece.name == "near" for piece in pieces):
            node = in_one_field(node, text, findings)
        lines.append(Line(raw.number, node, place))
    if not lines:
        raise search_error("the search is empty", text, Place(0, 0))
    findings.sort(key=lambda finding: (finding.place.start, finding.place.end))
    return Search(text, dialect, tuple(lines), history.numbered, tuple(findings))
