"""Runs all checks over a search."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from livingsearch.strategy.findings import SEVERITIES, Finding
from livingsearch.strategy.lint.checks_fields import headings_and_words, untagged
from livingsearch.strategy.lint.checks_forms import missing_forms
from livingsearch.strategy.lint.checks_lines import and_not, limits, unused
from livingsearch.strategy.lint.checks_terms import stop_words, superfluous
from livingsearch.strategy.lint.checks_wildcards import distances, open_inside, operators_inside, wildcards
from livingsearch.strategy.lint.covering import Covering, folded
from livingsearch.strategy.lint.overreach import overreaching
from livingsearch.strategy.lint.terms import groups_of
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import walk

_ONCE = frozenset({"F003"})
"""Codes of which one finding is enough, where the platform's reader has one already."""
_NEIGHBOURS = 4
"""Findings before a place that are looked at, since one may hold the next."""


def lint(search: Search, *, default_fields: tuple[str, ...] | None = None) -> tuple[Finding, ...]:
    """All that can be said against a search.

    Args:
        search: as `read_search` gives it.
        default_fields: where terms without a field are looked for, as names of FieldName; None where nothing is
            said, so that the platform decides.

    Returns:
        What the reader noticed and what the checks found, by place, the worst first where places are the same.
    """
    noticed = _Noticed(search.findings)
    checked = [finding for finding in _checked(search, default_fields) if not noticed.says(finding)]
    return in_order([*search.findings, *checked])


class _Noticed:
    """What a platform's reader has said already, so that it is not said twice."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        for finding in findings:
            self._places.setdefault(finding.code, []).append((finding.place.start, finding.place.end))
        for places in self._places.values():
            places.sort()

    def says(self, finding: Finding) -> bool:
        """Whether the reader has a finding of this code that touches this one's place."""
        places = self._places.get(finding.code)
        if places is None or finding.code in _ONCE:
            return places is not None
        at = bisect_left(places, (finding.place.end, 0))
        return any(end > finding.place.start for _, end in places[max(0, at - _NEIGHBOURS) : at])


def _checked(search: Search, default_fields: tuple[str, ...] | None) -> Iterator[Finding]:
    groups = groups_of(search, default_fields)
    for group in groups:
        words = [folded(term.words) for term in group.terms]
        covering = Covering((word, term.fields) for word, term in zip(words, group.terms, strict=True))
        yield from superfluous(search, group, words, covering)
        yield from missing_forms(search, group, covering)
        yield from stop_words(search, group)
        yield from overreaching(search, group)
        yield from wildcards(search, group)
    yield from open_inside(search, groups)
    nodes = [node for line in search.lines for node in walk(line.node)]
    yield from distances(search, nodes)
    yield from operators_inside(search, nodes)
    yield from unused(search, nodes)
    yield from and_not(search, nodes)
    yield from limits(search, nodes)
    if default_fields is None:
        yield from untagged(search, groups)
    yield from headings_and_words(search, default_fields)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by place, each once, the worst first where they begin at the same."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (f.place.start, SEVERITIES.index(f.severity), f.place.end, f.code)))
