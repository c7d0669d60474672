"""Random sequences of everything that can happen to a review: identities, recount, the past, undoing."""

import tempfile
from pathlib import Path

from effort import rare
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from made_review import MadeReview, made
from recount import Recount
from recounted import counted, recounted

from livingsearch.errors import LivingSearchError
from livingsearch.ledger.restated import explained
from livingsearch.ledger.restated_boxes import boxes_of
from livingsearch.ledger.whole_counts import whole_flows_at
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict
from livingsearch.ledger.whole_identities import breaches
from livingsearch.services.corrections import reopen_update, withdraw_run
from livingsearch.services.published_versions import published_updates, published_version
from livingsearch.services.publishing import publish
from livingsearch.services.screening import say, take_back
from livingsearch.services.studies import group, ungroup
from livingsearch.store import log_position

WORKS = [f"w{n}" for n in range(8)]
LISTS = st.lists(st.sampled_from(WORKS), min_size=1, max_size=6)
WHO = st.sampled_from(["Ann", "Bob", "Cy"])


class Ledger(RuleBasedStateMachine):
    """One review, and what was counted at each position so far."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.review: MadeReview = made(Path(self.folder.name))
        self.past: dict[int, list[dict[str, object]]] = {}

    def teardown(self) -> None:
        self.folder.cleanup()

    @initialize(first=LISTS, second=LISTS)
    def begin(self, first: list[str], second: list[str]) -> None:
        self.review.update(a=first, b=second, cited=first[:1] + second[-1:])

    @rule(runs=st.dictionaries(st.sampled_from(["a", "b", "r", "cited"]), LISTS, min_size=1, max_size=3))
    def update(self, runs: dict[str, list[str]]) -> None:
        self.review.update(**runs)

    @rule(source=st.sampled_from(["a", "cited"]), works=LISTS, retracted=st.booleans())
    def run_without_closing(self, source: str, works: list[str], retracted: bool) -> None:
        self.review.run(source, works, {works[0]: "retracted 2026"} if retracted else None)
        self.review.compare()

    @rule(
        place=st.integers(0, 20),
        word=st.sampled_from(["include", "exclude", "maybe"]),
        stage=st.sampled_from(["title", "title", "retrieval", "fulltext", "fulltext", "inclusion"]),
        who=WHO,
        consensus=st.booleans(),
        reason=st.sampled_from(["Wrong population", "No data"]),
    )
    def speak(self, place: int, word: str, stage: str, who: str, consensus: bool, reason: str) -> None:
        name = self._released(place)
        before = self._now()
        said = say(
            self.review.context,
            [name],
            word,
            stage=stage,
            who=who,
            consensus=consensus,
            reason=reason if word == "exclude" else None,
        )
        if said.said and place % 2:
            take_back(self.review.context, [name])
            assert self._now() == before, "taking back is exact"

    @rule(place=st.integers(0, 20), word=st.sampled_from(["automation", "other"]))
    def remove_before_screening(self, place: int, word: str) -> None:
        say(self.review.context, [self._released(place)], word, stage="before", who="robot")

    @rule(one=st.integers(0, 7), other=st.integers(0, 7), undo=st.booleans())
    def link(self, one: int, other: int, undo: bool) -> None:
        known = self.review.works()
        first, second = known[one % len(known)], known[other % len(known)]
        reports = sorted({self.review.report(first), self.review.report(second)})
        if len(reports) == 2:
            before = self._now()
            later = first if self.review.report(first) == reports[1] else second
            moved = self._records(reports[1])
            self.review.link(first, second)
            if undo and len(moved) == 1 and self._occurrence(moved[0]) == 1:
                self._move_back(moved[0], reports[1])
                assert self._now() == before, f"parting {later} again is exact"

    @rule(place=st.integers(0, 20))
    def split(self, place: int) -> None:
        with self.review.context.store.read() as con:
            rows = con.execute(
                "SELECT source, identity FROM record JOIN member_at(1000000) USING (record_id) "
                "WHERE occurrence = 1 AND report_id IN (SELECT report_id FROM member_at(1000000) GROUP BY report_id "
                "HAVING count(*) > 1) ORDER BY record_id"
            ).fetchall()
        if rows:
            source, identity = rows[place % len(rows)]
            self.review.part(source, identity.removeprefix("acc:"))

    @rule(place=st.integers(0, 9))
    def withdraw(self, place: int) -> None:
        with self.review.context.store.read() as con:
            rows = con.execute(
                "SELECT run_id FROM run WHERE run_id NOT IN (SELECT run_id FROM run_withdrawn) ORDER BY ALL"
            ).fetchall()
        if len(rows) > 3:
            withdraw_run(self.review.context, rows[place % len(rows)][0], "wrong")

    @rule(places=st.lists(st.integers(0, 20), min_size=2, max_size=3), part=st.booleans())
    def studies(self, places: list[int], part: bool) -> None:
        names = [self._released(place) for place in places]
        group(self.review.context, names)
        if part:
            ungroup(self.review.context, names[:1])

    @rule()
    def publish(self) -> None:
        with self.review.context.store.read() as con:
            row = con.execute(
                "SELECT min(update_number) FROM update_closing "
                "WHERE update_number NOT IN (SELECT update_number FROM published)"
            ).fetchone()
        if row and row[0]:
            publish(self.review.context, row[0])

    @precondition(lambda self: len(self.past) > 2)
    @rule()
    def reopen(self) -> None:
        with self.review.context.store.read() as con:
            row = con.execute("SELECT max(number) FROM review_update").fetchone()
        assert row is not None
        try:
            reopen_update(self.review.context, row[0], "late")
        except LivingSearchError as refused:
            assert "is not closed" in str(refused) or "was published" in str(refused)

    @invariant()
    def identities_hold_and_rows_recount_to_the_same(self) -> None:
        with self.review.context.store.read() as con:
            position = log_position(con)
            numbers = [row[0] for row in con.execute("SELECT number FROM review_update ORDER BY ALL").fetchall()]
            flows = whole_flows_at(con, [*((n,) for n in numbers), tuple(numbers)], position)
            preferred = ["a", "b", "c", "r", "cited"]
            recount = Recount(con, position, preferred)
            for number, flow in zip(numbers, flows, strict=False):
                assert counted(flow) == recounted(recount.counts(number)), f"update {number}"
            assert [breach.sentence for flow in flows for breach in breaches(flow)] == []
            for update in published_updates(con):
                frozen = published_version(con, update).flow
                now = flows[numbers.index(update)]
                running = boxes_of(frozen)
                for one in explained(con, update, frozen, now, tuple(preferred)):
                    assert "Nothing in the log explains" not in one.sentence
                    for change in one.differences:
                        assert running.get(change.box, 0) == change.before
                        running[change.box] = change.after
                assert {b: n for b, n in running.items() if n} == {b: n for b, n in boxes_of(now).items() if n}
            for then in list(self.past)[-3:]:
                wanted = [tuple(flow["updates"]) for flow in self.past[then]]  # type: ignore[arg-type]
                again = whole_flows_at(con, wanted, then)
                assert [whole_flow_to_dict(flow) for flow in again] == self.past[then], f"as of {then}"
            self.past[position] = [whole_flow_to_dict(flow) for flow in flows]

    def _now(self) -> list[dict[str, object]]:
        with self.review.context.store.read() as con:
            numbers = [row[0] for row in con.execute("SELECT number FROM review_update ORDER BY ALL").fetchall()]
            flows = [whole_flow_to_dict(f) for f in whole_flows_at(con, [(n,) for n in numbers], log_position(con))]
        return [{**flow, "position": None, "as_of": None} for flow in flows]

    def _released(self, place: int) -> str:
        with self.review.context.store.read() as con:
            rows = con.execute("SELECT report_id FROM batch_report ORDER BY ALL").fetchall()
        return f"R{rows[place % len(rows)][0]:06d}"

    def _records(self, report: int) -> list[int]:
        with self.review.context.store.read() as con:
            rows = con.execute("SELECT record_id FROM member_at(1000000) WHERE report_id = ?", [report]).fetchall()
        return [row[0] for row in rows]

    def _occurrence(self, record: int) -> int:
        with self.review.context.store.read() as con:
            row = con.execute("SELECT occurrence FROM record WHERE record_id = ?", [record]).fetchone()
        return row[0] if row else 0

    def _move_back(self, record: int, report: int) -> None:
        with self.review.context.store.read() as con:
            row = con.execute("SELECT source, substr(identity, 5) FROM record WHERE record_id = ?", [record]).fetchone()
        assert row is not None
        self.review.part(row[0], row[1], report)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=rare(2, 30),
    stateful_step_count=rare(12, 30),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
