"""Trees as short text, so that a table of searches can be read and compared by eye."""

from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Wild,
    Word,
)

SHORT = {"title": "ti", "abstract": "ab", "author_keywords": "kw"}


def shown(node: Node) -> str:
    """A tree on one line: `(and (or peer* "expert by experience*"){ti,ab} (near2 a b))`; a long Or is cut."""
    match node:
        case Word():
            return _word(node)
        case Phrase(words=words):
            return '"' + " ".join(_word(word) for word in words) + '"'
        case And(operands=operands):
            return f"(and {_all(operands)})"
        case Or(operands=operands):
            return f"(or {_all(operands)})"
        case Not(left=left, right=right):
            return f"(not {shown(left)} {shown(right)})"
        case Near(operands=operands, between=between, ordered=ordered):
            return f"({'next' if ordered else 'near'}{between} {_all(operands)})"
        case Scoped(node=inner, fields=fields):
            return f"{shown(inner)}{{{','.join(SHORT.get(name, name) for name in fields)}}}"
        case Limited(node=inner, limits=limits):
            return f"(limit {shown(inner)} {_all(limits)})"
        case LineRef(number=number):
            return f"#{number}"
        case Heading():
            marks = "+" * node.exploded + "!" * node.major
            qualifiers = "".join(f"/{qualifier}" for qualifier in node.qualifiers)
            return f"<{node.vocabulary or '?'}: {node.text}{qualifiers}{marks}>"
        case DateRange(dated=dated, first=first, last=last):
            return f"[{dated} {first or ''}..{last or ''}]"
        case UidRange(first=low, last=high):
            return f"[uid {low or ''}..{high or ''}]"


def _all(nodes: tuple[Node, ...]) -> str:
    texts = [shown(node) for node in nodes]
    return " ".join(texts if len(texts) <= 20 else [*texts[:2], f"…{len(texts) - 3} more…", texts[-1]])


def _word(word: Word) -> str:
    return "".join(part if isinstance(part, str) else _wild(part) for part in word.parts)


def _wild(wild: Wild) -> str:
    match wild:
        case Wild(least=0, most=None):
            return "*"
        case Wild(least=0, most=1):
            return "?"
        case Wild(least=1, most=1):
            return "#"
        case _:
            return f"${wild.least}-{wild.most}"
