"""Whether words on pairs can all be true: no two records are one report and two."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from livingsearch.errors import DecisionRefused
from livingsearch.services.pair_names import Pair, connected, pair_name

Word = Literal["duplicate", "distinct"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A word in force.

    Attributes:
        word: on a pair.
        who: said it.
        instant: when (UTC).
    """

    word: str
    who: str
    instant: datetime


def require_consistent(standing: Mapping[Pair, Standing], new: Mapping[Pair, Word], who: str) -> None:
    """Refuse words by which two records would be one report and two.

    Args:
        standing: words in force, by pair.
        new: words that are said now.
        who: says them.

    Raises:
        DecisionRefused: names the words that cannot all be true.
    """
    word_of = {pair: held.word for pair, held in standing.items()} | dict(new)
    same = sorted(pair for pair, word in word_of.items() if word == "duplicate")
    group = connected(same)
    for pair, word in sorted(word_of.items(), key=lambda held: (held[0] not in new, held[0])):
        if word == "distinct" and pair[0] in group and group[pair[0]] == group.get(pair[1]):
            raise DecisionRefused(_contradiction(pair, same, standing, new, who))


def _contradiction(
    pair: Pair, same: Iterable[Pair], standing: Mapping[Pair, Standing], new: Mapping[Pair, Word], who: str
) -> str:
    def told(link: Pair) -> str:
        if link in new:
            return f"{pair_name(link)} (said now)"
        held = standing[link]
        return f"{pair_name(link)} ({held.who}, {held.instant:%Y-%m-%d})"

    chain = " and ".join(told(link) for link in _path(pair, same))
    return (
        f"{told(pair)} cannot be distinct, since by {chain} its records are one report: take one of these words back "
        "with 'pairs undo' first; nothing was changed."
    )


def _path(pair: Pair, links: Iterable[Pair]) -> list[Pair]:
    """The links that lead from one record of a pair to the other, as few as there are."""
    near: dict[int, list[Pair]] = {}
    for link in links:
        for end in link:
            near.setdefault(end, []).append(link)
    came: dict[int, tuple[int, Pair] | None] = {pair[0]: None}
    edge = [pair[0]]
    while edge and pair[1] not in came:
        following = []
        for record in edge:
            for link in near.get(record, ()):
                other = link[0] if link[1] == record else link[1]
                if other not in came:
                    came[other] = (record, link)
                    following.append(other)
        edge = following
    path: list[Pair] = []
    step = came.get(pair[1])
    while step is not None:
        path.append(step[1])
        step = came.get(step[0])
    return path[::-1]
