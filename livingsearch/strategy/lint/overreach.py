"""Truncated stems that find far more than meant, such as `rat*`."""

from collections.abc import Iterator

from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.checks_terms import quoted, said_once
from livingsearch.strategy.lint.terms import Group, shown, with_also
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import ANY_ENDING
from livingsearch.strategy.word_lists import table

_MOST_NAMED = 5


def reaches_too_far(stem: str) -> bool:
    """Whether a stem, truncated without an end, finds words that nobody meant.

    Args:
        stem: in lower case.
    """
    return stem in table("overreach")


def overreaching(search: Search, group: Group) -> Iterator[Finding]:
    """T005: terms that are nothing but a stem of the table; within phrases and proximity the rest keeps them in.

    Args:
        search: from which the group comes.
        group: terms that stand for each other.
    """
    found: dict[str, list[Finding]] = {}
    for term in group.terms:
        if term.in_near or not term.is_free_text or len(term.words) != 1:
            continue
        (word,) = term.words
        entry = table("overreach").get(word.text.casefold()) if word.parts[1:] == (ANY_ENDING,) else None
        if entry is None:
            continue
        text = shown(search, term.leaf.place, term.leaf)
        also = ", ".join(f"“{other}”" for other in entry["also"][:_MOST_NAMED])
        advice = "Name the forms that are meant" if entry["instead"] else "Truncate later, or name the forms"
        recommended = with_also(search, term, 0, tuple(entry["instead"]), instead=True) if entry["instead"] else ""
        sentence = (
            f"{quoted(text)} also finds {also}. {advice}, unless these are wanted or other concepts keep them out."
        )
        finding = Finding("T005", "warning", sentence, term.whole, shown(search, term.whole, term.leaf), recommended)
        found.setdefault(word.text.casefold(), []).append(finding)
    for alike in found.values():
        yield said_once(alike)
