"""Proximity and fields: both sides of N and W are looked for in one field."""

from typing import Literal

from livingsearch.strategy.findings import Finding
from livingsearch.strategy.tree import And, Near, Node, Or, Phrase, Scoped, Word, children, rebuilt, walk

_HOLDS = "the field code before a proximity search was read as that of both sides; brackets make it plain"
_APART = "proximity works between words of one field; here AND was read in its place"


Held = Literal["words", "field", "other"]
"""What a part of a tree holds: words only, words in one field, anything else."""


def in_one_field(node: Node, text: str, findings: list[Finding]) -> Node:
    """A tree whose Near hold words only, with the field around them.

    Args:
        node: as the brackets and operators give it: `TI a N3 b` is a Near of a Scoped and a Word.
        text: the whole search.
        findings: F003 and F005 are added to it.
    """
    # Not recursive: a chain of operators makes a tree as deep as it is long.
    done: list[tuple[Node, Held]] = []
    for current in reversed(list(walk(node))):
        parts = [done.pop() for _ in children(current)]
        if isinstance(current, Near):
            done.append(_near(current, parts, text, findings))
        elif not parts:
            done.append((current, "words" if isinstance(current, Word | Phrase) else "other"))
        else:
            words = all(held == "words" for _, held in parts)
            within: Held = "other"
            if words and isinstance(current, And | Or):
                within = "words"
            elif words and isinstance(current, Scoped):
                within = "field"
            done.append((rebuilt(current, tuple([part for part, _ in parts])), within))
    return done[0][0]


def _near(near: Near, parts: list[tuple[Node, Held]], text: str, findings: list[Finding]) -> tuple[Node, Held]:
    nodes = tuple([part for part, _ in parts])
    held = {what for _, what in parts}
    if held == {"words"}:
        return rebuilt(near, nodes), "words"
    shown = text[near.place.start : near.place.end]
    fields = {part.fields for part in nodes if isinstance(part, Scoped)}
    if "other" not in held and len(fields) == 1 and isinstance(nodes[0], Scoped):
        if "words" in held:
            findings.append(Finding("F003", "note", _HOLDS, near.place, shown))
        inner = tuple([part.node if isinstance(part, Scoped) else part for part in nodes])
        return Scoped(rebuilt(near, inner), nodes[0].fields, near.place), "field"
    findings.append(Finding("F005", "error", _APART, near.place, shown))
    return And(nodes, near.place), "other"
