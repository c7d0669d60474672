"""What holds for any records in any order, and for any pair of them."""

from itertools import combinations
from random import Random

import pyarrow as pa
import pytest
from effort import FEW, chosen
from families import COPIES, ONE_MORE, OTHERS, changed, pools, records, work
from groupings import numbered, partition, verdicts
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.collection import learn
from dedup.judge import JUDGED, judge
from dedup.members import gather
from dedup.scratch import scratch
from dedup.sharing import Met

STATES = ("doi", "pmid", "journal", "volume", "issue", "first_page", "last_page", "authors", "abstract")


@pytest.fixture(scope="module")
def judged(con):
    """What is found of pairs of normalised records, each pair for itself: evidence, `hard`, `outcome`."""

    def call(table: pa.Table, pairs: list[tuple[int, int]], *, every: bool = True) -> dict[tuple[int, int], dict]:
        with scratch(con) as space:
            given_tables = {"new": table, "known": dedup.NORMALISED.empty_table(), "groups": dedup.STORED_GROUPS}
            given_tables |= {"new_keys": dedup.KEYS, "known_keys": dedup.KEYS, "released": dedup.RELEASED}
            given_tables |= {"together": dedup.DECIDED, "asked": dedup.DECIDED}
            for name, made in given_tables.items():
                space.lend(name, made.empty_table() if isinstance(made, pa.Schema) else made)
            # Kept apart by decision, so that identical records stay two units.
            space.lend("apart", pairs_table(pairs))
            gather(space, table, given_tables["known"], learn(space, ("new",)))
            wanted = space.read("SELECT x_id, y_id FROM dedup_apart_pairs ORDER BY x_id, y_id")
            judge(space, Met.of(wanted), "judged", every=every, columns=(*JUDGED, "last_page"))
            found = space.read("FROM dedup_judged").to_pylist()
            return {(row["x_id"], row["y_id"]): row for row in found}

    return call


def pairs_table(pairs) -> pa.Table:
    columns = list(zip(*pairs, strict=True)) or [[], []]
    return pa.table([pa.array(column, pa.int64()) for column in columns], schema=dedup.DECIDED)


@FEW
@given(rows=pools(), deal=st.integers(1, 1000))
def test_the_order_of_rows_changes_nothing(rows, deal, at_once, run) -> None:
    pool, one = at_once(rows)
    other = run(pool.take(Random(deal).sample(range(pool.num_rows), pool.num_rows)))
    assert one.groups.sort_by("record_id") == other.groups.sort_by("record_id")
    assert verdicts(one) == verdicts(other)


# A record that fits two which contradict each other, equally well.
BETWEEN = [changed(0, None, frozenset()), changed(0, "one PMID", frozenset()), changed(0, "another PMID", frozenset())]


@FEW
@given(rows=pools())
@example(rows=BETWEEN)
def test_the_order_of_import_changes_nothing_but_the_ids(rows, at_once, normalised, run, groups_of) -> None:
    """The same records under other ids: which comes first decides what a group is called, not who is in it."""
    one = groups_of(at_once(rows)[1])
    other = groups_of(run(normalised(numbered(rows, range(len(rows), 0, -1)))))
    assert partition(one) == partition({len(rows) + 1 - record: group for record, group in other.items()})


@FEW
@given(rows=pools())
def test_deduplicating_again_changes_nothing(rows, at_once, run, groups_of) -> None:
    pool, whole = at_once(rows)
    first = groups_of(whole)
    again = run(dedup.NORMALISED.empty_table(), pool, groups=list(first.items()))
    assert groups_of(again) == first
    assert again.verdicts.num_rows == 0


@FEW
@given(data=st.data(), rows=pools())
def test_decisions_and_releases_hold_and_leave_no_trace(data, rows, at_once, run, groups_of) -> None:
    """Said, undone, said again: groups and verdicts are a function of the records and the decisions that stand."""
    pool, before = at_once(rows)
    ids = st.integers(1, pool.num_rows)
    pairs = st.lists(st.tuples(ids, ids).filter(lambda p: p[0] < p[1]), min_size=1, max_size=12, unique=True)
    joined = [(v["x_id"], v["y_id"]) for v in before.verdicts.to_pylist() if v["outcome"] == "duplicate"]
    apart = list(dict.fromkeys(data.draw(pairs) + joined[::5]))
    released = data.draw(st.dictionaries(ids, st.integers(1, 30), min_size=5, max_size=40))
    groups = groups_of(run(pool, apart=apart, released=list(released.items())))
    assert all(groups[x] != groups[y] for x, y in apart)
    labels: dict[int, set[int]] = {}
    for record, label in released.items():
        labels.setdefault(groups[record], set()).add(label)
    assert all(len(inside) == 1 for inside in labels.values())
    together = [pair for pair in data.draw(pairs) if pair not in apart]
    decided = groups_of(run(pool, together=together))
    assert all(decided[x] == decided[y] for x, y in together)
    after = run(pool)
    assert (before.groups, verdicts(before)) == (after.groups, verdicts(after))


@FEW
@given(rows=pools())
def test_the_first_look_drops_no_pair_of_which_a_rule_speaks(rows, at_once, judged) -> None:
    pool, _ = at_once(rows)
    pairs = list(combinations(range(1, len(rows) + 1), 2))
    whole, looked = (
        {
            pair: (row["outcome"], row["rule"])
            for pair, row in judged(pool, pairs, every=every).items()
            if row["outcome"]
        }
        for every in (True, False)
    )
    assert looked == whole


@FEW
@given(rows=pools())
def test_no_group_holds_a_pair_that_a_veto_keeps_apart(rows, at_once, groups_of, judged) -> None:
    """Every pair of every group judged for itself, also those that share no key and were joined by a chain."""
    pool, outcome = at_once(rows)
    groups = groups_of(outcome)
    inside = [pair for group in partition(groups) for pair in combinations(sorted(group), 2)]
    found = judged(pool, inside) if inside else {}
    assert {pair: row["hard"] for pair, row in found.items() if row["hard"] and not row["certain"]} == {}
    for verdict in outcome.verdicts.to_pylist():
        same = groups[verdict["x_id"]] == groups[verdict["y_id"]]
        joined = verdict["outcome"] == "duplicate" or verdict["rule"] in dedup.CLUSTER_RULES
        assert same == joined, verdict


@FEW
@given(rows=pools())
def test_every_group_is_told_by_verdicts_with_words(rows, at_once, groups_of) -> None:
    _, outcome = at_once(rows)
    links: dict[int, set[int]] = {}
    for verdict in outcome.verdicts.to_pylist():
        assert verdict["rule"]
        assert verdict["evidence"]
        assert verdict["x_id"] < verdict["y_id"]
        if verdict["outcome"] == "duplicate":
            links.setdefault(verdict["x_id"], set()).add(verdict["y_id"])
            links.setdefault(verdict["y_id"], set()).add(verdict["x_id"])
    for group in partition(groups_of(outcome)):
        reached, left = set(), [min(group)]
        while left:
            record = left.pop()
            if record not in reached:
                reached.add(record)
                left += links.get(record, ())
        assert reached == group


@FEW
@given(data=st.data(), rows=pools(10, 40))
def test_identical_records_are_in_one_group_whoever_stands_beside(data, rows, normalised, run, groups_of) -> None:
    told = [place for place, row in enumerate(rows) if row.get("title") and any(row.get(field) for field in ONE_MORE)]
    twins = data.draw(st.lists(st.sampled_from(told), min_size=min(5, len(told)), max_size=10, unique=True))
    more = rows + [rows[place] | {"source": "another"} for place in twins]
    groups = groups_of(run(normalised(numbered(more))))
    for number, place in enumerate(twins):
        assert groups[place + 1] == groups[len(rows) + number + 1], rows[place]


@FEW
@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60).map(
        "Salt and pressure ".__add__
    ),
    author=st.text(min_size=1, max_size=12),
    pages=st.text(max_size=12),
    volume=st.text(max_size=8),
)
def test_identical_records_merge_whatever_they_say(title, author, pages, volume, normalised, run, groups_of) -> None:
    record = {
        "title": title,
        "authors": [author],
        "year": 2001,
        "journal": "Annals of Calm",
        "pages": pages,
        "volume": volume,
        "abstract": title * 4,
    }
    assert set(groups_of(run(normalised([record, record, record]))).values()) == {1}


def test_identical_records_of_a_title_and_one_more_field_merge(normalised, run, groups_of) -> None:
    rows = []
    for number, (field, value) in enumerate(ONE_MORE.items()):
        title = f"{work(number % 6)['title']} in harbour district {number + 1}"
        rows += [{"title": title, field: value, "source": side} for side in ("first", "second")]
    groups = groups_of(run(normalised(numbered(rows))))
    apart = [field for number, field in enumerate(ONE_MORE) if groups[2 * number + 1] != groups[2 * number + 2]]
    assert apart == []


FIELD_STATES = {
    "doi": {"doi"},
    "pmid": {"pmid"},
    "volume": {"volume"},
    "issue": {"issue"},
    "pages": {"first_page", "last_page"},
    "authors": {"authors"},
    "abstract": {"abstract"},
    "journal": {"journal"},
    "year": set(),
}


SILENCED = [
    (changed(0, None, frozenset()), changed(at % 2, other, frozenset([copy])), field)
    for at, (other, copy) in enumerate(zip([None, *OTHERS] * 2, COPIES, strict=True))
    for field in FIELD_STATES
]


@FEW
@given(
    rows=chosen(
        [SILENCED],
        st.lists(st.tuples(records(2), records(2), st.sampled_from(sorted(FIELD_STATES))), min_size=12, max_size=20),
    )
)
def test_what_one_record_does_not_say_is_neither_equal_nor_different(rows, normalised, judged) -> None:
    """A field taken from one record of a pair silences what it told, and changes nothing else that is compared."""
    fields = [field for *_, field in rows]
    plain = [record for *pair, _ in rows for record in pair]
    silenced = [
        {k: v for k, v in record.items() if k != fields[at // 2]} if at % 2 else record
        for at, record in enumerate(plain)
    ]
    pairs = [(at, at + 1) for at in range(1, len(plain), 2)]
    # One source each: a source's counters and a DOI's or title's other bearers are facts about all its records.
    told = judged(normalised(numbered([r | {"source": f"s{at}"} for at, r in enumerate(plain)])), pairs)
    mute = judged(normalised(numbered([r | {"source": f"s{at}"} for at, r in enumerate(silenced)])), pairs)
    for pair, field in zip(pairs, fields, strict=True):
        silent = FIELD_STATES[field]
        assert {state: mute[pair][state] for state in silent} == dict.fromkeys(silent, 0), (field, pair)
        kept = [state for state in STATES if state not in silent and not (state == "doi" and field != "doi")]
        assert {s: mute[pair][s] for s in kept} == {s: told[pair][s] for s in kept}, (field, pair)
        assert mute[pair]["title"] == told[pair]["title"]
        assert mute[pair]["year_gap"] == (-1 if field == "year" else told[pair]["year_gap"])


# Of each work a copy with each two changes, which leaves out a field or two.
COPIED = [
    (at % 6, frozenset([one, other]), frozenset([*FIELD_STATES][at % 9 : at % 9 + 1 + at % 2]))
    for at, (one, other) in enumerate(combinations(sorted(COPIES), 2))
]


@FEW
@given(
    rows=chosen(
        [COPIED],
        st.lists(
            st.tuples(
                st.integers(0, 5),
                st.frozensets(st.sampled_from(sorted(COPIES)), max_size=4),
                st.frozensets(st.sampled_from(sorted(FIELD_STATES)), max_size=6),
            ),
            min_size=15,
            max_size=30,
        ),
    )
)
def test_silence_vetoes_nothing(rows, normalised, judged) -> None:
    """Copies of one report that contradict each other nowhere: whatever else they leave out, no veto holds."""
    plain = []
    for number, copies, fields in rows:
        copy = changed(number, None, copies)
        plain += [work(number), {field: value for field, value in copy.items() if field not in fields}]
    pairs = [(at, at + 1) for at in range(1, len(plain), 2)]
    found = judged(normalised(numbered(plain)), pairs)
    for pair in pairs:
        row = found[pair]
        if all(row[state] >= 0 for state in STATES) and row["year_gap"] < 2:
            assert row["hard"] is None, (row["hard"], plain[pair[0] - 1], plain[pair[1] - 1])


@FEW
@given(rows=pools(10, 40), others=pools(5, 20))
def test_records_of_other_works_change_nothing(rows, others, at_once, normalised, run, groups_of) -> None:
    strangers = []
    for number, row in enumerate(others):
        words = "Peat brick kilns of the drained northern fens, survey sheet " + "abcdefghij"[number % 10] * 3
        strangers.append(row | {"title": words, "doi": f"10.5557/fen.{number}", "abstract": None, "source": "fens"})
    alone = groups_of(at_once(rows)[1])
    among = groups_of(run(normalised(numbered(rows + strangers))))
    assert partition({record: among[record] for record in alone}) == partition(alone)
