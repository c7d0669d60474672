"""Databases of a program that knew no versions of the strategy: every run gets one, nothing else changes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from living import EXPORTS, SAMPLES, SEARCHED, LivingReview, made_in, settings_for
from processes import Process
from work_elsewhere import versions

from livingsearch.errors import StoreDamaged
from livingsearch.services.doctor import examine
from livingsearch.services.imports import import_export
from livingsearch.services.reporting import review_counts
from livingsearch.services.strategies import strategy_history
from livingsearch.services.strategy_versions import FIRST, NO_REASON
from livingsearch.services.updates import run_update
from livingsearch.store.migrate import migrate, migrations

LATER = (
    "strategy_version",
    "strategy_reason",
    "run_strategy",
    "run_window",
    "run_manifest",
    "run_file_part",
    "counted_as",
    "screening_undone",
    "returned_file",
    "returned_unmatched",
    "study",
    "study_event",
    "typed_set",
    "typed_number",
    "run_withdrawn",
    "update_reopened",
    "publication_proposed",
    "run_file_told",
    "run_hits_not_shown",
    "frozen_member",
    "schema_migration",
)
EARLIER = "COLUMNS(lambda c: c NOT IN ('scores', 'relation'))"
"""The columns that the old program knew, of any table."""


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    return made_in(tmp_path / "workspace")


def edit(living: LivingReview, old: str, new: str) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def brought(living: LivingReview, source: str, wave: str = "base") -> int:
    file = SAMPLES / wave / EXPORTS[source]
    return import_export(living.context(), source, [file], date_searched=SEARCHED[wave]).run_id


def made_old(living: LivingReview) -> None:
    """Turns the review's database into what migration 1 alone makes, with all rows that it has room for."""
    path = living.context().folder.database
    new = path.rename(path.with_suffix(".new"))
    with duckdb.connect(str(path)) as con:
        migrate(con, migrations()[:1])
        con.execute(f"ATTACH '{new}' AS new (READ_ONLY)")
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'new'").fetchall():
            if name not in LATER and name not in ("normalised", "record_key", "screening", "published"):
                con.execute(f"INSERT INTO {name} BY NAME SELECT {EARLIER} FROM new.{name}")
        con.execute("DELETE FROM log WHERE kind LIKE 'strategy%'")
        con.execute("DELETE FROM derived")
        con.execute("DETACH new")
    new.unlink()


def rows(living: LivingReview) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables that the old program knew."""
    with duckdb.connect(str(living.context().folder.database), read_only=True) as con:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {
            name: con.execute(f"SELECT {EARLIER} FROM {name} ORDER BY ALL").fetchall()
            for name in names
            if name not in (*LATER, "normalised", "record_key", "derived", "log")
        }


@pytest.fixture(scope="module")
def as_left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four runs, the third of them failed, under three texts and two strategies; as the first program left it.

    It wanted a query of every source.
    """
    living = made_in(tmp_path_factory.mktemp("old"))
    query = living.context().review.source("medline-ovid").query
    edit(living, 'platform = "Ovid"\n', f"platform = \"Ovid\"\nquery = '''{query}'''\n")
    brought(living, "medline-ovid")
    edit(living, "# `$` is Ovid's truncation.", "# A comment that changed.")
    brought(living, "embase-ovid")
    run_update(living.context(), number=1, close_now=True)
    edit(living, '"expert patient$"]', '"expert patient$", "lived experience$"]')
    brought(living, "medline-ovid", "update")
    made_old(living)
    return living.settings.workspace


@pytest.fixture
def old(as_left: Path, tmp_path: Path) -> LivingReview:
    shutil.copytree(as_left, tmp_path / "old")
    return LivingReview(settings_for(tmp_path / "old"))


def test_an_old_database_has_none_of_the_tables(old: LivingReview) -> None:
    with duckdb.connect(str(old.context().folder.database), read_only=True) as con:
        names = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert not names & set(LATER) - {"schema_migration"}


def test_every_run_gets_the_version_of_its_text_and_nothing_is_lost(old: LivingReview) -> None:
    before = rows(old)
    first, second = strategy_history(old.context())
    assert rows(old) == before
    assert [(u.update, u.runs) for u in first.uses] == [(1, (1, 2, 3))]
    assert [(u.update, u.runs) for u in second.uses] == [(2, (4,))]
    assert (first.author, first.reason, first.number) == ("test", FIRST, 1)
    assert (second.author, second.reason, second.reason_given) == ("test", NO_REASON, False)
    assert second.strategy.concepts[0].terms[-1] == "lived experience$"
    with old.context().store.read() as con:
        starts = con.execute("SELECT position FROM log WHERE kind = 'run started' ORDER BY position").fetchall()
        instants = con.execute("SELECT started_at FROM run ORDER BY run_id").fetchall()
    assert [(v.position,) for v in (first, second)] == [starts[0], starts[3]]
    assert [(v.instant.replace(tzinfo=None),) for v in (first, second)] == [instants[0], instants[3]]


def test_frozen_counts_stay_and_say_their_version(old: LivingReview) -> None:
    counts = review_counts(old.context())
    assert [use.number for use in counts.strategies[1]] == [1]
    assert [use.number for use in counts.strategies[2]] == [2]
    checks = {c.name.split(": ")[-1]: c for c in examine(old.settings)}
    assert checks["counts"].ok and checks["strategy"].ok, checks
    assert "1 closed update(s) derived again" in checks["counts"].told


def first_use(name: str) -> Callable[[LivingReview], object]:
    return {
        "prisma": lambda living: review_counts(living.context()),
        "history": lambda living: strategy_history(living.context()),
        "import": lambda living: brought(living, "cinahl-ebsco", "update"),
        "update": lambda living: run_update(living.context(), number=2, close_now=True),
    }[name]


@pytest.mark.parametrize("name", ["prisma", "history", "import", "update"])
def test_whatever_comes_first_gives_the_versions(name: str, old: LivingReview) -> None:
    first_use(name)(old)
    again = strategy_history(old.context())
    assert [version.number for version in again] == [1, 2]
    with old.context().store.read() as con:
        assert con.execute("SELECT count(*) FROM log WHERE kind = 'strategy derived'").fetchone() == (1,)
        assert con.execute(
            "SELECT count(*) FROM run WHERE run_id NOT IN (SELECT run_id FROM run_strategy)"
        ).fetchone() == (0,)


def test_the_next_run_goes_on_from_the_last_derived_version(old: LivingReview) -> None:
    brought(old, "embase-ovid", "update")
    edit(old, '"expert patient$", "lived experience$"]', '"expert patient$"]')
    brought(old, "psycinfo-ovid", "update")
    assert [v.number for v in strategy_history(old.context())] == [1, 2, 3]
    assert [v.uses[-1].runs for v in strategy_history(old.context())] == [(1, 2, 3), (4, 5), (6,)]


def test_an_old_review_that_was_never_searched_has_no_version_yet(living: LivingReview) -> None:
    made_old(living)
    assert strategy_history(living.context()) == ()
    brought(living, "medline-ovid")
    assert [v.reason for v in strategy_history(living.context())] == [FIRST]


def test_a_text_that_this_program_does_not_take_any_more_is_read_all_the_same(old: LivingReview) -> None:
    with duckdb.connect(str(old.context().folder.database)) as con:
        con.execute("UPDATE review_file SET text = replace(text, 'schema = 1', 'schema = 0')")
    first, second = strategy_history(old.context())
    context = old.context()
    assert second.strategy.sources == tuple(
        sorted(
            (s for s in first.strategy.sources),
            key=lambda s: s.slug,
        )
    )
    assert {s.slug: s.query for s in second.strategy.sources} == {s.slug: s.query for s in context.review.sources}
    brought(old, "embase-ovid", "update")
    assert len(strategy_history(old.context())) == 2, "the same strategy by both ways of reading"


def test_a_text_that_is_missing_is_told(old: LivingReview) -> None:
    with duckdb.connect(str(old.context().folder.database)) as con:
        con.execute("DELETE FROM review_file")
    with pytest.raises(StoreDamaged, match=r"review\.toml"):
        strategy_history(old.context())


def test_two_processes_give_the_versions_once(old: LivingReview) -> None:
    both = [Process(versions, old.settings.workspace) for _ in range(2)]
    assert [process.said() for process in both] == [2, 2]
    with old.context().store.read() as con:
        assert con.execute("SELECT count(*) FROM run_strategy").fetchone() == (4,)


def test_verdicts_of_before_stay_until_the_records_are_compared_again(old: LivingReview) -> None:
    before = rows(old)["verdict"]
    strategy_history(old.context())
    with old.context().store.read() as con:
        told = con.execute("SELECT count(*), count(scores), count(relation) FROM verdict").fetchone()
        (standing,) = con.execute("SELECT count(*) FROM verdict_at(9999)").fetchone() or (0,)
    assert before
    assert told == (len(before), 0, 0)
    assert standing == len({row[:2] for row in before})
