"""Large exports, exports of several files, and files that cannot be taken: what they leave behind."""

import io
from datetime import date
from pathlib import Path

import pytest
from living import LivingReview

from connectors.errors import RecordsLost
from connectors.record import Remnant
from livingsearch.errors import ImportRefused
from livingsearch.services.imports import import_export
from livingsearch.services.remnants import RemnantsAside

SOURCE = "medline-ovid"


def export(path: Path, first: int, count: int, extra: str = "") -> Path:
    records = (
        f"{n}. \nTY  - JOUR\nDB  - Ovid MEDLINE(R) <1946 to 2024>\nID  - {31_000_000 + n}\nT1  - Clock {n}\n"
        f"A1  - Barr, K.R.\nY1  - 2020//\nER  - \nLoose line {n}\n"
        for n in range(first, first + count)
    )
    path.write_text("".join(records) + extra, "utf-8")
    return path


def left_behind(living: LivingReview) -> list[str]:
    folder = living.context().folder.path
    return sorted(path.name for path in folder.rglob(".*") if "arriving" in path.name or "spool" in path.name)


def test_several_files_are_one_run_in_their_order(living: LivingReview, tmp_path: Path) -> None:
    files = [export(tmp_path / "a.ris", 1, 2500), export(tmp_path / "b.ris", 2501, 3)]
    result = import_export(living.context(), SOURCE, files, date_searched=date(2024, 1, 1), hits=2503)
    assert result.received == 2503
    context = living.context()
    with context.store.read() as con:
        positions = con.execute(
            "SELECT position, identity FROM run_record JOIN record USING (record_id) "
            "WHERE run_record.run_id = ? ORDER BY position",
            [result.run_id],
        ).fetchall()
        parts = con.execute(
            "SELECT name, records, sha256 FROM run_file WHERE run_id = ? ORDER BY ordinal", [result.run_id]
        ).fetchall()
        loose = con.execute(
            "SELECT ordinal, line, text FROM run_remnant WHERE run_id = ? ORDER BY ordinal, line", [result.run_id]
        ).fetchall()
    assert positions == [(n, f"acc:{31_000_000 + n}") for n in range(1, 2504)]
    assert [part[:2] for part in parts] == [("a.ris", 2500), ("b.ris", 3)]
    assert [context.received.read(part[2]) for part in parts] == [path.read_bytes() for path in files]
    assert loose == [
        (1 if n <= 2500 else 2, 9 * (n if n <= 2500 else n - 2500), f"Loose line {n}") for n in range(1, 2504)
    ]
    assert left_behind(living) == []


def test_a_later_file_that_lost_records_takes_the_others_with_it(living: LivingReview, tmp_path: Path) -> None:
    before = sorted(living.context().folder.received.iterdir())
    files = [export(tmp_path / "a.ris", 1, 5), export(tmp_path / "b.ris", 6, 5, "A1  - Weber\nT1  - Lost\nER  - \n")]
    with pytest.raises(RecordsLost, match=r"b.ris ends 6 records but begins only 5.*Nothing of it was taken in"):
        import_export(living.context(), SOURCE, files, date_searched=date(2024, 1, 1))
    context = living.context()
    with context.store.read() as con:
        assert con.execute("SELECT count(*) FROM run").fetchone() == (0,)
    assert sorted(context.folder.received.iterdir()) == before
    assert left_behind(living) == []


def test_a_missing_file_is_refused(living: LivingReview, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be read"):
        import_export(living.context(), SOURCE, [tmp_path / "none.ris"], date_searched=date(2024, 1, 1))
    assert left_behind(living) == []


def test_bytes_that_arrived_are_kept_once(living: LivingReview) -> None:
    received = living.context().received
    for _ in range(2):
        with received.arriving(io.BytesIO(b"TY  - JOUR")) as arrived:
            assert (arrived.path.read_bytes(), arrived.size) == (b"TY  - JOUR", 10)
            assert received.keep_arrived(arrived) == received.sha256(b"TY  - JOUR")
        assert not arrived.path.exists()
    assert received.read(arrived.sha256) == b"TY  - JOUR"
    with received.arriving(io.BytesIO(b"not kept")) as arrived:
        pass
    assert not arrived.path.exists() and not (received.folder / arrived.sha256).exists()


def test_remnants_come_back_as_they_were(tmp_path: Path) -> None:
    remnants = [Remnant(1, "a\nb\r\u2028"), Remnant(9, "\ud800 stray"), *(Remnant(n, "x" * 1000) for n in range(2000))]
    with RemnantsAside(tmp_path) as aside:
        aside.add(remnants[:5])
        aside.add(remnants[5:])
        assert list(aside) == remnants
        assert list(aside) == remnants
    assert list(tmp_path.iterdir()) == []
