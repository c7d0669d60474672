"""Small changes of a tree, and of lists of lines, before they are written for Ovid."""

from livingsearch.strategy.tree import And, Node, Not, Or, Scoped, children, rebuilt

COUNT = "/freq="
"""Between the tags and the number in the name of a field in which words are counted: `ovid:ab/freq=3`."""


def counts_apart(node: Node) -> Node:
    """The same search with fields in which words are counted (`/freq=3`) apart from others.

    Args:
        node: with Scoped at its leaves.
    """
    match node:
        case Scoped(node=inner, fields=fields) if len(fields) > 1 and any(COUNT in name for name in fields):
            alone: list[Node] = [Scoped(inner, (name,), node.place) for name in fields if COUNT in name]
            others = tuple(name for name in fields if COUNT not in name)
            return Or((Scoped(inner, others, node.place), *alone) if others else tuple(alone), node.place)
        case And() | Or() | Not():
            return rebuilt(node, tuple([counts_apart(child) for child in children(node)]))
        case _:
            return node


def ranges_of_lines(numbers: list[int]) -> str | None:
    """Numbers of lines as `1-3,5`; None where no three of them follow each other."""
    ordered = sorted(set(numbers))
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if max(map(len, runs)) < 3:
        return None
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
