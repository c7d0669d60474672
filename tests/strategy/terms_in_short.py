"""Trees in few letters, for the tables of the platforms that are only written."""

import re

from livingsearch.strategy.dialects import Dialect, PlatformName
from livingsearch.strategy.loss import Loss, Losses
from livingsearch.strategy.tree import Node, Or, Phrase, Scoped, Wild, Word
from livingsearch.strategy.writing import Writer

TIABKW = ("title", "abstract", "author_keywords")


def t(text: str) -> Word | Phrase:
    """A term: `*` any ending, `?` none or one letter, `#` one, `$2` at most two."""
    words = tuple(
        Word(tuple(wild(part) if part[0] in "*?#$" else part for part in re.findall(r"[*?#]|\$\d|[^*?#$]+", word)))
        for word in text.split()
    )
    return words[0] if len(words) == 1 else Phrase(words)


def wild(sign: str) -> Wild:
    return {"*": Wild(0, None), "?": Wild(0, 1), "#": Wild(1, 1)}.get(sign) or Wild(0, int(sign[1:]))


def s(node: str | Node, *fields: str) -> Scoped:
    return Scoped(t(node) if isinstance(node, str) else node, fields or ("title",))


def any_of(*texts: str) -> Or:
    return Or(tuple(t(text) for text in texts))


def written_by(writer: type[Writer], platform: PlatformName, node: Node) -> tuple[str, tuple[Loss, ...]]:
    """What a platform's writer makes of a tree, and its losses."""
    losses = Losses()
    return writer(Dialect(platform), losses).write(node), losses.report()
