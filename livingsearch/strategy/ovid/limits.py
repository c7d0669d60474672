"""Ovid's limits: `limit 7 to (english language and yr="2010 -Current" and humans)`."""

import re
from collections.abc import Iterator

from livingsearch.strategy.findings import Finding, search_error
from livingsearch.strategy.grammar import Binding, Close, Open, Operator, Piece, Term, tree_of
from livingsearch.strategy.normal import flat
from livingsearch.strategy.ovid.characters import Source
from livingsearch.strategy.ovid.dates import limit_of, limit_text
from livingsearch.strategy.ovid.fields import Fields
from livingsearch.strategy.tree import And, DateRange, Node, Or, Phrase, Place, Scoped, Word

OTHER = ("ovid:limit",)
"""The field of a limit that has no name on other platforms, such as `humans`; its words are Ovid's."""
_LANGUAGES = frozenset(
    """
    afrikaans albanian arabic armenian azerbaijani basque bengali bosnian bulgarian catalan chinese croatian czech
    danish dutch english esperanto estonian finnish french galician georgian german greek hebrew hindi hungarian
    icelandic indonesian irish italian japanese kazakh korean latin latvian lithuanian macedonian malay maltese
    mongolian norwegian persian polish portuguese punjabi romanian russian serbian slovak slovene slovenian spanish
    swahili swedish tagalog tamil thai turkish ukrainian urdu uzbek vietnamese welsh
    """.split()
)
_PUBLICATION_TYPES = frozenset(
    {
        "randomized controlled trial",
        "controlled clinical trial",
        "pragmatic clinical trial",
        "clinical trial",
        "meta analysis",
        "review",
        "letter",
        "editorial",
        "comment",
        "case reports",
        "journal article",
        "practice guideline",
        "guideline",
        "observational study",
        "multicenter study",
        "comparative study",
        "retracted publication",
    }
)
_BINDING = Binding((frozenset({"and"}), frozenset({"or"})), "warning", "AND before OR")
_TOKEN = re.compile(
    r"""(?P<space>[\s,]+)
    |(?P<open>\()|(?P<close>\))
    |(?P<and>and(?!\w))|(?P<or>or(?!\w))
    |(?P<key>[a-z]{2})\s{0,3}=\s{0,3}(?:"(?P<value>[^"]*)"|(?P<plain>[0-9]+(?:\s{0,3}-\s{0,3}(?:[0-9]+|current))?))
    |"(?P<quoted>[^"]*)"
    |(?P<word>[^\s()",]+)
    |(?P<stray>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def limits_of(source: Source, start: int, end: int, fields: Fields, findings: list[Finding]) -> tuple[Node, ...]:
    """Reads what stands behind `limit 7 to`.

    Args:
        source: the search.
        start: in its clean text.
        end: in its clean text.
        fields: of the database.
        findings: S004 is added to it.

    Returns:
        The limits, all of which hold.

    Raises:
        SearchTextError: they cannot be read.
    """
    pieces = list(_pieces(source, start, end, fields))
    tree = flat(tree_of(pieces, source.text, _BINDING, findings, source.place(start, end)))
    return tree.operands if isinstance(tree, And) else (tree,)


def _pieces(source: Source, start: int, end: int, fields: Fields) -> Iterator[Piece]:
    run: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(source.clean, start, end):
        kind = match.lastgroup
        at, behind = match.span()
        place = source.place(at, behind)
        if kind == "space":
            continue
        if kind == "word":
            run.append((match[0], at, behind))
            continue
        if run:
            yield _named(source, run)
            run = []
        match kind:
            case "open":
                yield Open(place)
            case "close":
                yield Close(place)
            case "and":
                yield Operator("and", place)
            case "or":
                yield Operator("or", place)
            case "value" | "plain":
                yield Term(_keyed(match["key"], match["value"] or match["plain"] or "", fields, place, source), place)
            case "quoted":
                inside = match["quoted"]
                offset = match.start("quoted")
                words = [(word[0], word.start() + offset, word.end() + offset) for word in re.finditer(r"\S+", inside)]
                if not words:
                    raise search_error("these quotation marks hold nothing; a limit is expected", source.text, place)
                term = _named(source, words)
                yield Term(term.node, place)
            case _:
                raise search_error(
                    "this quotation mark has no partner; limits are written like limit 7 to "
                    '(english language and yr="2010 -Current")',
                    source.text,
                    place,
                    "S003",
                )
    if run:
        yield _named(source, run)


def _named(source: Source, run: list[tuple[str, int, int]]) -> Term:
    place = source.place(run[0][1], run[-1][2])
    texts = [text.casefold() for text, _, _ in run]
    words = tuple(Word((text,), source.place(at, end)) for text, at, end in run)
    if texts[0] in _LANGUAGES and texts[1:] in ([], ["language"]):
        return Term(Scoped(Word(words[0].parts, place), ("language",), place), place)
    leaf: Word | Phrase = Phrase(words, place) if len(words) > 1 else Word(words[0].parts, place)
    known = " ".join(texts) in _PUBLICATION_TYPES
    return Term(Scoped(leaf, ("publication_type",) if known else OTHER, place), place)


def _keyed(key: str, value: str, fields: Fields, place: Place, source: Source) -> Node:
    dated = fields.date_field(key.lower())
    dates = limit_of(dated, value, place) if dated else None
    if dates is not None:
        return dates
    if dated == "date_publication":
        problem = f'{key}={value} is not a range of years; yr="2010 -Current" or yr="2010 - 2020" is expected'
        raise search_error(problem, source.text, place)
    words = tuple(Word((text,), place) for text in f"{key}={value}".split())
    return Scoped(Phrase(words, place) if len(words) > 1 else words[0], OTHER, place)


def written_limit(node: Node, fields: Fields) -> tuple[str, bool] | None:
    """A limit as text.

    Args:
        node: an operand of And, with Scoped at its leaves.
        fields: of the database.

    Returns:
        Its text, and whether it is exact; None where the node cannot be a limit.
    """
    match node:
        case DateRange():
            return limit_text(node, fields)
        case Scoped(node=Word() as word, fields=("language",)):
            name = word.text.casefold()
            if not word.plain or name not in _LANGUAGES:
                return None
            return (f"{word.text} language" if name == "english" else word.text), True
        case Scoped(node=Word() | Phrase() as leaf, fields=("ovid:limit",)):
            text = _verbatim(leaf)
            return (text, True) if text else None
        case Or(operands=operands):
            if not all(isinstance(operand, Scoped) for operand in operands):
                return None
            parts = [written_limit(operand, fields) for operand in operands]
            texts = [part[0] for part in parts if part is not None]
            return (f"({' or '.join(texts)})", True) if len(texts) == len(parts) else None
        case _:
            return None


def _verbatim(leaf: Word | Phrase) -> str | None:
    words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    if not all(word.plain for word in words):
        return None
    text = " ".join(" ".join(word.text for word in words).replace('"', " ").split())
    keyed = re.fullmatch(r"([a-zA-Z]{2})=(.+)", text)
    if keyed:
        return f'{keyed[1]}="{keyed[2]}"' if not re.fullmatch(r"[0-9]+(-[0-9]+)?", keyed[2]) else text
    if re.fullmatch(r"[\w-]+", text) and text.casefold() not in ("and", "or"):
        return text
    return f'"{text}"' if text else None
