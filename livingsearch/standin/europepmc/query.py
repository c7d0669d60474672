"""Which records a search finds: a small part of Europe PMC's syntax."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from livingsearch.standin.europepmc.records import Result

Test = Callable[[Result], bool]

_TOKEN = re.compile(
    r'\s*(?:(?P<bracket>[()])|(?P<field>[A-Za-z_]+):(?=["\[\w*])|"(?P<phrase>[^"]*)"'
    r'|\[(?P<low>[^\s\]]+)\s+TO\s+(?P<high>[^\s\]]+)\]|(?P<word>[^\s()"\[\]]+))'
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_DEEPEST = 200


class QueryUnreadable(Exception):
    """The search cannot be read; the real service's reaction to each mistake is not known."""


def matcher_of(query: str) -> Test:
    """A search as a test of records.

    Args:
        query: as sent.

    Raises:
        QueryUnreadable: it is empty or its brackets do not fit.
    """
    tokens = []
    place = 0
    query = query.strip()
    while place < len(query):
        found = _TOKEN.match(query, place)
        if not found or found.end() == place:
            raise QueryUnreadable
        tokens.append(found)
        place = found.end()
    reader = _Reader(tokens)
    test = reader.any_of(0)
    if not reader.at_end:
        raise QueryUnreadable
    return test


class _Reader:
    """Reads tokens from left to right; OR binds loosest, side by side means AND."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self._tokens, self._next = tokens, 0

    @property
    def at_end(self) -> bool:
        return self._next >= len(self._tokens)

    def _sees(self, group: str, *values: str) -> bool:
        return not self.at_end and self._tokens[self._next][group] in values

    def any_of(self, depth: int) -> Test:
        tests = [self.all_of(depth)]
        while self._sees("word", "OR"):
            self._next += 1
            tests.append(self.all_of(depth))
        return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)

    def all_of(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while not self.at_end and not self._sees("word", "OR") and not self._sees("bracket", ")"):
            self._next += self._sees("word", "AND")
            tests.append(self._one(depth))
        return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)

    def _one(self, depth: int) -> Test:
        if self.at_end or depth > _DEEPEST:
            raise QueryUnreadable
        if self._sees("word", "NOT"):
            self._next += 1
            inner = self._one(depth + 1)
            return lambda record: not inner(record)
        token = self._tokens[self._next]
        self._next += 1
        if token["bracket"] == "(":
            inner = self.any_of(depth + 1)
            if not self._sees("bracket", ")"):
                raise QueryUnreadable
            self._next += 1
            return inner
        field = (token["field"] or "").upper()
        if field:
            if self.at_end:
                raise QueryUnreadable
            token = self._tokens[self._next]
            self._next += 1
        if token["low"] is not None:
            return _between(field, token["low"], token["high"])
        text = token["phrase"] if token["phrase"] is not None else token["word"]
        if text is None or text in ("AND", "OR"):
            raise QueryUnreadable
        return _holds(field, text)


def _between(field: str, low: str, high: str) -> Test:
    named = {"CREATION_DATE": "dateOfCreation", "FIRST_PDATE": "firstPublicationDate"}.get(field, "pubYear")
    return lambda record: low <= str(record.get(named, "")) <= high


def _holds(field: str, text: str) -> Test:
    exact = {"SRC": "source", "EXT_ID": "id", "DOI": "doi", "PUB_YEAR": "pubYear", "LANG": "language"}.get(field)
    if exact:
        return lambda record: str(record.get(exact, "")).casefold() == text.casefold()
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words:
        raise QueryUnreadable
    pattern = re.compile(r"(?<!\S)" + " ".join(map(re.escape, words)) + (r"\S*" if text.endswith("*") else r"(?!\S)"))
    return lambda record: any(pattern.search(" ".join(_WORD.findall(t.casefold()))) for t in _texts(field, record))


def _texts(field: str, record: Result) -> Iterable[str]:
    info: dict[str, Any] = record.get("journalInfo", {}).get("journal", {})
    parts = {
        "TITLE": [record.get("title")],
        "ABSTRACT": [record.get("abstractText")],
        "AUTH": [record.get("authorString")],
        "JOURNAL": [info.get("title"), info.get("isoabbreviation")],
        "KW": record.get("keywordList", {}).get("keyword", []),
        "PUB_TYPE": record.get("pubTypeList", {}).get("pubType", []),
    }
    parts["TITLE_ABS"] = [*parts["TITLE"], *parts["ABSTRACT"]]
    listed = parts.get(field) or [text for values in parts.values() for text in values]
    return (re.sub(r"<[^<>]*>", " ", text) for text in listed if isinstance(text, str))
