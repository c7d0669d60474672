"""A query that PubMed would run otherwise than it is meant is not sent: PubMed itself gives no warning."""

import re

import pytest
from living import LivingReview

from livingsearch.errors import QueryFaulty, UpdateIncomplete, UpdateRefused
from livingsearch.services.reporting import review_counts
from livingsearch.services.searches import count_source, search_source
from livingsearch.services.strategies import strategy_history
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.lint import lint_text

SOUND = '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab])'


def with_query(living: LivingReview, query: str, accepted: str = "") -> None:
    """Puts another query and other accepted warnings into PubMed's table."""
    file = living.context().folder.review_file
    before, table, after = re.split(
        r'(\[\[source\]\]\nslug = "pubmed".*?)(?=\[\[source\]\])', file.read_text("utf-8"), flags=re.S
    )
    table = re.sub(r"query = '''.*?'''", lambda _: f"query = '''\n{query}\n'''", table, flags=re.S)
    if accepted:
        table = table.replace("accepted_warnings = [", f"accepted_warnings = [\n  {accepted},")
    file.write_text(before + table + after, "utf-8")


SILENT: list[tuple[str, str, str]] = [
    ("asthma[tiabb]", "F001", "F001 at line 1, column 7: [tiabb] → [tiab]: PubMed has no such field tag"),
    ("peer*[tiab] AND\n(asthma OR copd)[tiab]", "F002", "line 2, column 1: (asthma OR copd)[tiab] → (asthma[tiab] OR"),
    ("intervent∗[ti]", "S006", "S006 at line 1, column 10: ∗ → *: This only looks like an asterisk"),
    ('"asthma* control"[tiab:~2]', "T003", 'line 1, column 1: "asthma* control"[tiab:~2] → '),
    ("('peer$' OR 'expert patient$')", "S007", "S007 at line 1, column 2: 'peer$' → peer*"),
    ("peer*[tiab] AND {{Emtree heading}}", "S012", "S012 at line 1, column 17: {{Emtree heading}}"),
]
"""Query, code, and what the message says of it: place, what stands there, what to write."""


@pytest.mark.parametrize(("query", "code", "words"), SILENT, ids=[row[1] for row in SILENT])
def test_what_pubmed_would_do_in_silence_stops_the_run(
    query: str, code: str, words: str, living: LivingReview, standin: Standin
) -> None:
    with_query(living, query)
    for attempt in (search_source, count_source):
        with pytest.raises(QueryFaulty) as caught:
            attempt(living.context(), "pubmed")
        assert words in str(caught.value)
        assert f'"LintFinding: {code}"' in str(caught.value)
    assert list(standin.requests) == [], "nothing was sent"
    assert review_counts(living.context()).open is None, "no update was opened, no run begun"
    assert [v.number for v in strategy_history(living.context())] == [1]


def test_a_query_that_was_changed_is_searched_again_in_the_open_update(living: LivingReview, standin: Standin) -> None:
    context = living.context()
    assert not run_update(context).closed
    with_query(living, 'peer*[tiab] AND "personality disorder*"[tiab]')
    assert not run_update(living.context(), number=1).closed
    assert not run_update(living.context(), number=1).closed, "and then no more"
    with living.context().store.read() as con:
        runs = con.execute("SELECT state, query FROM run WHERE source = 'pubmed' ORDER BY run_id").fetchall()
    assert [state for state, _ in runs] == ["complete", "complete"]
    assert runs[1][1] == 'peer*[tiab] AND "personality disorder*"[tiab]'


def test_an_update_names_the_query_and_stays_open(living: LivingReview, standin: Standin) -> None:
    with_query(living, "peer*[tiabb]")
    with pytest.raises(UpdateIncomplete, match=r"pubmed: PubMed would not run the query .* F001 "):
        run_update(living.context(), number=1)
    assert list(standin.requests) == []
    outcome = run_update(living.context(), number=1, close_now=True)
    assert outcome.closed
    assert "F001" in outcome.failures["pubmed"]


def test_a_finding_may_be_accepted_by_its_code(living: LivingReview, standin: Standin) -> None:
    query = f'{SOUND} AND ("personality disorder*"[tiab] or "personality disorders"[tiab])'
    with_query(living, query, '"LintFinding: F001"')
    with pytest.raises(QueryFaulty, match="S009"):
        count_source(living.context(), "pubmed")
    with_query(living, query, '"LintFinding: S009"')
    count_source(living.context(), "pubmed")
    assert len(standin.requests) == 1


def test_warnings_and_notes_stop_nothing_and_are_not_kept(living: LivingReview, standin: Standin) -> None:
    query = f'{SOUND} AND "personality disorder*"[tiab]'
    found = {finding.severity for finding in lint_text(query, Dialect("pubmed"))}
    assert found & {"warning", "note"} and not found & {"fatal", "error"}
    with_query(living, query)
    result = search_source(living.context(), "pubmed")
    assert result.received > 0
    assert not any(re.search(r"\b[A-Z]\d{3}\b", warning) for warning in result.warnings)


def test_the_example_is_sound(living: LivingReview) -> None:
    assert count_source(living.context(), "pubmed") == 74


def test_it_is_a_refusal_like_others() -> None:
    assert issubclass(QueryFaulty, UpdateRefused), "flows and updates go on with the other sources"
