"""The store: one transaction or nothing, locks between processes, migrations, faults told in a sentence."""

import multiprocessing
import time
from pathlib import Path

import duckdb
import pytest

from livingsearch.errors import ReviewUnknown, StoreBusy, StoreDamaged
from livingsearch.store import ReceivedFiles, Store, Workspace
from livingsearch.store.migrate import Migration, migrate, migrations, pending


def store_in(folder: Path, lock_timeout: float = 30.0) -> Store:
    return Store(folder / "review.duckdb", folder, lock_timeout, 1)


def test_what_a_transaction_wrote_is_there_for_the_next_reader(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with store.write() as con:
        con.execute("INSERT INTO report VALUES (1, 1)")
    with store.read() as con:
        assert con.execute("SELECT report_id FROM report").fetchall() == [(1,)]


def test_an_exception_leaves_no_trace_of_the_transaction(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with pytest.raises(RuntimeError, match="half way"), store.write() as con:
        con.execute("INSERT INTO report VALUES (1, 1)")
        raise RuntimeError("half way")
    with store.read() as con:
        assert con.execute("SELECT count(*) FROM report").fetchall() == [(0,)]


def test_short_steps_write_small_blocks(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.create_or_migrate()
    with store.read() as con:
        assert con.execute("SELECT block_size FROM pragma_database_size()").fetchall() == [(65_536,)]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.create_or_migrate()
    with pytest.raises(duckdb.InvalidInputException, match="read-only"), store.read() as con:
        con.execute("INSERT INTO report VALUES (1, 1)")


def test_readers_share_and_a_writer_waits_for_them(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.create_or_migrate()
    impatient = store_in(tmp_path, lock_timeout=0.2)
    with store.read(), impatient.read(), pytest.raises(StoreBusy, match="busy"), impatient.write():
        pass


def test_nobody_reads_while_somebody_writes(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    impatient = store_in(tmp_path, lock_timeout=0.2)
    with store.write(), pytest.raises(StoreBusy), impatient.read():
        pass


def test_a_piece_of_work_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    store = store_in(tmp_path, lock_timeout=0.2)
    with store.hold("source-pubmed"), store.hold("source-embase"):
        with pytest.raises(StoreBusy), store.hold("source-pubmed"):
            pass
    with store.hold("source-pubmed"):
        pass


def add_rows(folder: Path, first: int, rows: int) -> None:
    store = store_in(folder)
    for n in range(first, first + rows):
        with store.write() as con:
            con.execute("INSERT INTO report VALUES (?, 1)", [n])


def read_often(folder: Path, times: int) -> None:
    store = store_in(folder)
    seen = 0
    for _ in range(times):
        with store.read() as con:
            row = con.execute("SELECT count(*) FROM report").fetchone()
        assert row is not None
        assert row[0] >= seen
        seen = row[0]
        time.sleep(0.005)


def test_processes_that_read_and_write_at_once_lose_no_row(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.create_or_migrate()
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=add_rows, args=(tmp_path, 1000 * n, 15)) for n in (1, 2)]
    workers += [spawn.Process(target=read_often, args=(tmp_path, 15)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [w.exitcode for w in workers] == [0] * 4
    with store.read() as con:
        assert con.execute("SELECT count(*) FROM report").fetchall() == [(30,)]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.path.write_bytes(b"not a database, but long enough to look at" * 200)
    with pytest.raises(StoreDamaged, match=r"review\.duckdb"), store.read():
        pass


def test_a_database_that_another_program_holds_is_told(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.create_or_migrate()
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=hold_open, args=(store.path, ready, done))
    other.start()
    assert ready.wait(30)
    try:
        with pytest.raises(StoreBusy, match="Another program"), store.read():
            pass
    finally:
        done.set()
        other.join(30)


def hold_open(
    path: Path, ready: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event"
) -> None:
    con = duckdb.connect(str(path))
    ready.set()
    done.wait(30)
    con.close()


def test_migrations_are_numbered_without_gaps() -> None:
    assert [m.number for m in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_migration_runs_once_and_a_failing_one_leaves_no_trace() -> None:
    con = duckdb.connect()
    first = Migration(1, "0001_a.sql", "CREATE TABLE a (x INTEGER)")
    broken = Migration(2, "0002_b.sql", "CREATE TABLE b (x INTEGER); SELECT nonsense")
    assert migrate(con, [first]) == ["0001_a.sql"]
    with pytest.raises(duckdb.BinderException):
        migrate(con, [first, broken])
    assert [m.name for m in pending(con, [first, broken])] == ["0002_b.sql"]
    tables = {r[0] for r in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert tables == {"a", "schema_migration"}
    con.close()


def test_an_altered_or_unknown_migration_is_refused() -> None:
    con = duckdb.connect()
    migrate(con, [Migration(1, "0001_a.sql", "CREATE TABLE a (x INTEGER)")])
    with pytest.raises(StoreDamaged, match=r"0001_a\.sql differs"):
        pending(con, [Migration(1, "0001_a.sql", "CREATE TABLE a (x BIGINT)")])
    with pytest.raises(StoreDamaged, match="newer"):
        pending(con, [])
    con.close()


def test_an_older_database_is_migrated_by_whoever_opens_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    con = duckdb.connect(str(store.path))
    con.execute("CREATE TABLE elsewhere (x INTEGER)")
    con.close()
    with store.read() as reading:
        assert pending(reading, migrations()) == []


def test_received_bytes_are_kept_once_and_checked_when_read(tmp_path: Path) -> None:
    received = ReceivedFiles(tmp_path)
    name = received.keep(b"as it came\r\n")
    assert received.keep(b"as it came\r\n") == name
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert received.read(name) == b"as it came\r\n"
    (tmp_path / name).write_bytes(b"tampered")
    with pytest.raises(StoreDamaged, match="changed"):
        received.read(name)
    (tmp_path / name).unlink()
    with pytest.raises(StoreDamaged, match="missing"):
        received.read(name)


@pytest.mark.parametrize("slug", ["..", "../x", "a/b", "", ".hidden", "Ä", "A", "x" * 81, "a\n"])
def test_a_review_name_cannot_leave_the_workspace(slug: str, tmp_path: Path) -> None:
    with pytest.raises(ReviewUnknown):
        Workspace(tmp_path).folder(slug)
