"""What holds for any records in any split into updates, whatever is released and decided between them."""

from itertools import combinations
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
from effort import TWO, chosen
from families import changed, pools
from groupings import partition, verdicts
from hypothesis import example, given
from hypothesis import strategies as st

import dedup


def of(table: pa.Table, ids) -> pa.Table:
    return table.filter(pc.is_in(table["record_id"], pa.array(sorted(ids), pa.int64())))


# A record that says little, joined before the one came that contradicts the other.
BRIDGE = [
    changed(0, "congress", frozenset(["bare", "no accents"])),
    changed(0, "congress", frozenset(["short pages"])),
    changed(0, None, frozenset(["no doi"])),
]


class Living:
    """A collection that grows update by update, with its queue: what a service keeps of it."""

    def __init__(self, pool: pa.Table, run, groups_of, *, releases: bool) -> None:
        self.pool, self.run, self.groups_of, self.releases = pool, run, groups_of, releases
        self.known: set[int] = set()
        self.groups: dict[int, int] = {}
        self.released: dict[int, int] = {}
        self.waiting: dict[tuple[int, int], str] = {}

    def update(self, fresh: set[int], **words) -> None:
        links = [pair for pair, rule in self.waiting.items() if rule in dedup.ASKING_RULES and not fresh & set(pair)]
        outcome = self.run(
            of(self.pool, fresh),
            of(self.pool, self.known),
            groups=list(self.groups.items()),
            released=list(self.released.items()),
            asked=links,
            **words,
        )
        said = {(v["x_id"], v["y_id"]): v["rule"] for v in verdicts(outcome).to_pylist() if v["outcome"] == "possible"}
        self.waiting = {p: r for p, r in self.waiting.items() if p not in links and not fresh & set(p)} | said
        self.groups = self.groups_of(outcome)
        self.known |= fresh
        if self.releases:
            kept = {record: self.groups[record] for record in self.released}
            labels = {kept[record]: label for record, label in self.released.items()}
            self.released = {record: labels.get(group, group) for record, group in self.groups.items()}


def connected(inside: frozenset[int], pieces: set[frozenset[int]], links) -> bool:
    """Whether links between the pieces of a group connect them all."""
    found = {piece & inside for piece in pieces if piece & inside}
    reached, left = set(), [next(iter(found))]
    while left:
        piece = left.pop()
        if piece not in reached:
            reached.add(piece)
            left += [other for other in found if any(piece & set(link) and other & set(link) for link in links)]
    return reached == found


SPLITS = chosen(
    [Random(deal).choices(range(3), k=60) for deal in (1, 2)],
    st.lists(st.integers(0, 2), min_size=60, max_size=60),
)


@TWO
@given(rows=pools(), updates=SPLITS)
@example(rows=BRIDGE, updates=[0, 0, 1])
def test_any_split_into_updates_gives_the_same_groups(rows, updates, at_once, run, groups_of) -> None:
    """Of what was not released: it is grouped anew."""
    pool, whole = at_once(rows)
    living = Living(pool, run, groups_of, releases=False)
    for turn in range(3):
        living.update({record for record, when in zip(range(1, len(rows) + 1), updates, strict=False) if when == turn})
    assert partition(living.groups) == partition(groups_of(whole))


@TWO
@given(rows=pools(), updates=SPLITS)
@example(rows=BRIDGE, updates=[0, 0, 1])
def test_what_a_release_keeps_from_the_same_groups_waits_for_a_person(rows, updates, at_once, run, groups_of) -> None:
    """Every update is released. Where its reports differ from what all at once give, pairs say so, by their rules."""
    pool, whole = at_once(rows)
    living = Living(pool, run, groups_of, releases=True)
    for turn in range(3):
        before = dict(living.released)
        living.update({record for record, when in zip(range(1, len(rows) + 1), updates, strict=False) if when == turn})
        assert {record: living.released[record] for record in before} == before
    now, together = partition(living.groups), partition(groups_of(whole))
    within = [pair for pair, rule in living.waiting.items() if rule == "released_together"]
    between = [
        pair for pair, rule in living.waiting.items() if rule in ("both_released", "cluster_conflict", "weak_bridge")
    ]
    for group in now - together:
        assert connected(group, together, within), (group, living.waiting)
    for group in together - now:
        assert connected(group, now, between), (group, living.waiting)


@TWO
@given(data=st.data(), rows=pools(), updates=SPLITS, releases=st.booleans())
def test_a_decision_holds_through_later_updates(data, rows, updates, releases, at_once, run, groups_of) -> None:
    """Whatever comes later, and whether what it speaks of was released or not."""
    living = Living(at_once(rows)[0], run, groups_of, releases=releases)
    turns = [{n for n, when in zip(range(1, len(rows) + 1), updates, strict=False) if when == t} for t in range(3)]
    living.update(turns[0])
    same = [pair for pair in combinations(sorted(living.known), 2) if living.groups[pair[0]] == living.groups[pair[1]]]
    other = [pair for pair in combinations(sorted(living.known), 2) if pair not in same]
    word, pairs = data.draw(st.sampled_from([("apart", same), ("together", other)]))
    said = data.draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=5, unique=True)) if pairs else []
    for turn in turns[1:]:
        living.update(turn, **{word: said})
        assert all((living.groups[x] == living.groups[y]) == (word == "together") for x, y in said)
