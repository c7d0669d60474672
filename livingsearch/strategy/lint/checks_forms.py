"""Forms of a word that a list of terms lacks: plural or singular, the other spelling, joined or apart."""

from collections.abc import Iterator
from dataclasses import dataclass

from livingsearch.strategy.findings import Finding, Severity
from livingsearch.strategy.lint.checks_terms import is_mapped, is_quoted, quoted, said_once
from livingsearch.strategy.lint.covering import Covering, Folded, folded
from livingsearch.strategy.lint.overreach import reaches_too_far
from livingsearch.strategy.lint.terms import Group, Term, rendered, shown, with_also
from livingsearch.strategy.lint.variants import apart, closed, plural, singular, spelling
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import ANY_ENDING, Word

_BEHIND_HEAD = frozenset({"at", "by", "for", "from", "in", "living", "of", "on", "to", "with", "without"})
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class _Missing:
    """Words `first` to `last` of a term, and the text that may stand there as well.

    `instead` says that it takes the term's place, `exactly` that it is not missing where only its endings are.
    """

    code: str
    first: int
    last: int
    other: str
    severity: Severity
    because: str
    instead: bool = False
    exactly: bool = False


def missing_forms(search: Search, group: Group, covering: Covering) -> Iterator[Finding]:
    """R005 and R006: forms of a term's words that no operand of the same OR finds.

    Args:
        search: from which the group comes.
        group: terms that stand for each other.
        covering: of the group's terms.
    """
    if group.excluded or group.is_filter:
        return
    found: dict[tuple[str, tuple[Folded, ...], str], list[Finding]] = {}
    for term in group.terms:
        if not term.is_free_text or is_mapped(search, term):
            continue
        for missing in (*_numbers(search, term), *_spellings(term), *_joined(term)):
            other = _with(term.words, missing)
            if not covering.covers(folded(other), term.fields):
                key = (missing.code, folded(term.words), missing.other)
                found.setdefault(key, []).append(_finding(search, term, missing, other))
    for alike in found.values():
        yield said_once(alike)


def _finding(search: Search, term: Term, missing: _Missing, other: tuple[Word, ...]) -> Finding:
    text = shown(search, term.whole, term.leaf)
    written = " ".join(rendered(word, search.dialect.platform) for word in other)
    sentence = f"{quoted(shown(search, term.leaf.place, term.leaf))} does not find {quoted(written)}"
    recommended = with_also(search, term, missing.first, (missing.other,), instead=missing.instead, last=missing.last)
    return Finding(missing.code, missing.severity, sentence + missing.because, term.whole, text, recommended)


def _with(words: tuple[Word, ...], missing: _Missing) -> tuple[Word, ...]:
    """The term's words with the missing form among them."""
    forms = tuple(
        Word.of(text.rstrip("*"), truncated=text.endswith("*") and not (missing.instead or missing.exactly))
        for text in missing.other.split()
    )
    return (*words[: missing.first], *forms, *words[missing.last + 1 :])


def _numbers(search: Search, term: Term) -> Iterator[_Missing]:
    """Plural or singular of the noun that carries it.

    EBSCOhost looks for the plural of a word in the singular by itself, but not within quotation marks (EBSCO Help,
    "How does EBSCO search for plurals and possessives").
    """
    head = _head(term.words)
    by_itself = search.dialect.platform == "ebsco" and not is_quoted(search, term)
    if head is not None and not by_itself and (other := plural(term.words[head].text.casefold())) is not None:
        if term.words[-1].truncated:
            because = f": only the last word is truncated, and the plural is that of “{term.words[head].text}”."
            yield _Missing("R005", head, head, other, "warning", because)
        else:
            yield _Missing("R005", head, head, other, "note", ", the plural.")
    if head is not None or not term.words:
        return
    at, word = len(term.words) - 1, term.words[-1]
    text = word.text.casefold()
    if word.plain:
        beginning, hyphen, noun = text.rpartition("-")
        if (other := plural(noun)) is not None:
            if not by_itself:
                yield _Missing("R005", at, at, beginning + hyphen + other, "note", ", the plural.")
        elif (other := singular(noun)) is not None:
            yield _Missing("R005", at, at, beginning + hyphen + other, "note", ", the singular.")
    elif len(word.parts) == 2 and word.parts[1] == ANY_ENDING and (other := singular(text)) is not None:
        shorter = text in (other + "s", other + "es") and (len(term.words) > 1 or not reaches_too_far(other))
        because = ", the singular: the truncation stands behind the plural."
        yield _Missing("R005", at, at, other + "*" * shorter, "note", because, instead=shorter)


def _head(words: tuple[Word, ...]) -> int | None:
    """The noun that carries the plural of a phrase such as `expert by experience`; None where it is the last."""
    for at, word in enumerate(words[1:-1], 1):
        if word.plain and word.text.casefold() in _BEHIND_HEAD:
            return at - 1 if words[at - 1].plain else None
    return None


def _spellings(term: Term) -> Iterator[_Missing]:
    for at, word in enumerate(term.words):
        truncated = word.truncated and len(word.parts) == 2
        if not (word.plain or truncated) or len(word.text) > _LONGEST_WORD:
            continue
        text = word.text.casefold()
        if (other := spelling(text, truncated=truncated)) is not None:
            yield _Missing("R006", at, at, other + "*" * truncated, "note", ", the other spelling.")


def _joined(term: Term) -> Iterator[_Missing]:
    for at, word in enumerate(term.words):
        if len(word.text) > _LONGEST_WORD or not isinstance(word.parts[0], str):
            continue
        truncated = word.truncated and len(word.parts) == 2
        if not (word.plain or truncated):
            continue
        text = word.text.casefold()
        first, hyphen, second = text.partition("-")
        if hyphen:
            yield from _as_one(at, at, first, second, truncated=truncated)
        elif at and term.words[at - 1].plain and "-" not in (before := term.words[at - 1].text.casefold()):
            yield from _as_one(at - 1, at, before, text, truncated=truncated)
        if (other := apart(text)) is not None:
            yield _Missing(
                "R006", at, at, other + "*" * truncated, "note", ", written apart or with a hyphen.", exactly=True
            )


def _as_one(first: int, last: int, before: str, behind: str, *, truncated: bool) -> Iterator[_Missing]:
    if (other := closed(before, behind)) is not None:
        yield _Missing("R006", first, last, other + "*" * truncated, "note", ", written as one word.", exactly=True)
