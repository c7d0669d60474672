"""Large exports, exports of several files, and files that cannot be taken: what they leave behind."""

import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from living import LivingReview

from connectors.errors import ColumnsUnknown, ContainerRefused, RecordsLost
from connectors.exports import Limits
from connectors.record import Remnant
from livingsearch.errors import ImportRefused
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.import_rows import Said
from livingsearch.services.imports import import_export
from livingsearch.services.look import columns_from
from livingsearch.services.remnants import RemnantsAside
from livingsearch.services.update_flows import frozen_flow
from livingsearch.services.updates import run_update

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


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_is_kept_as_it_came_and_each_of_its_parts_has_a_row(living: LivingReview, tmp_path: Path) -> None:
    one, two = (export(tmp_path / name, n, 3).read_bytes() for name, n in (("1.ris", 1), ("2.ris", 4)))
    packed = zipped(tmp_path / "march.zip", {"folder/1.ris": one, "2.ris": two})
    alone = tmp_path / "3.ris.gz"
    alone.write_bytes(gzip.compress(export(tmp_path / "3.ris", 7, 2).read_bytes()))
    result = import_export(living.context(), SOURCE, [packed, alone], date_searched=date(2024, 1, 1), hits=8)
    assert result.received == 8 and not any("under" in told for told in result.warnings)
    context = living.context()
    with context.store.read() as con:
        rows = con.execute(
            "SELECT f.name, f.records, f.sha256, f.bytes, p.archive, p.sha256, p.bytes FROM run_file f "
            "LEFT JOIN run_file_part p USING (run_id, ordinal) WHERE run_id = ? ORDER BY ordinal",
            [result.run_id],
        ).fetchall()
    came, alone_came = packed.read_bytes(), alone.read_bytes()
    sha256 = context.received.sha256
    third = (tmp_path / "3.ris").read_bytes()
    assert rows == [
        ("march.zip: 1.ris", 3, sha256(came), len(came), "march.zip", sha256(one), len(one)),
        ("march.zip: 2.ris", 3, sha256(came), len(came), "march.zip", sha256(two), len(two)),
        ("3.ris.gz", 2, sha256(alone_came), len(alone_came), "3.ris.gz", sha256(third), len(third)),
    ]
    assert context.received.read(sha256(came)) == came and context.received.read(sha256(alone_came)) == alone_came
    again = import_export(living.context(), SOURCE, [packed, alone], date_searched=date(2024, 1, 1), hits=8)
    assert again.repeated and again.run_id == result.run_id
    unpacked = import_export(living.context(), SOURCE, [tmp_path / "1.ris"], date_searched=date(2024, 1, 2))
    assert any("1.ris is byte for byte a file that was imported before" in told for told in unpacked.warnings)


@pytest.mark.parametrize("kind", ["bomb", "cut", "twice"])
def test_an_archive_that_cannot_be_taken_changes_nothing(living: LivingReview, tmp_path: Path, kind: str) -> None:
    content = export(tmp_path / "1.ris", 1, 3).read_bytes()
    members = {"1.ris": content, "2.ris": content if kind == "twice" else bytes(3_000_000)}
    packed = zipped(tmp_path / "march.zip", members)
    if kind == "cut":
        packed.write_bytes(packed.read_bytes()[:-40])
    before = sorted(living.context().folder.received.iterdir())
    with pytest.raises((ContainerRefused, ImportRefused), match=r"nothing was taken|given twice"):
        import_export(
            living.context(), SOURCE, [packed], date_searched=date(2024, 1, 1), limits=Limits(most_bytes=2_000_000)
        )
    assert sorted(living.context().folder.received.iterdir()) == before and left_behind(living) == []
    with living.context().store.read() as con:
        assert con.execute("SELECT count(*) FROM run").fetchone() == (0,)


def test_records_that_stand_in_two_files_are_told_apart_from_those_twice_in_one(
    living: LivingReview, tmp_path: Path
) -> None:
    first = export(tmp_path / "a.ris", 1, 5)
    first.write_bytes(first.read_bytes() + export(tmp_path / "x.ris", 1, 2).read_bytes())  # 1 and 2 twice in one file
    second = export(tmp_path / "b.ris", 4, 4)  # 4 and 5 again, in another file
    second.write_text(second.read_text("utf-8").replace("Clock 5\n", "Clock five\n"), "utf-8")
    result = import_export(living.context(), SOURCE, [first, second], date_searched=date(2024, 1, 1), hits=11)
    assert result.received == 11
    assert [told for told in result.warnings if "under" in told] == [
        "The 2 files hold 11 records under 7 names: 2 stand again in another of the files, 2 again within one file. "
        "All count as received; the deduplication decides on them."
    ]
    outcome = run_update(living.context(), close_now=True)
    assert outcome.closed
    with living.context().store.read() as con:
        flow = frozen_flow(con, 1)
    medline = next(source for source in flow.sources if source.slug == SOURCE)
    assert broken_identities(flow) == [] and medline.identified == 11
    assert flow.identified == flow.already_known + flow.duplicates + flow.to_screen


def test_a_table_that_nobody_knows_comes_in_with_a_column_map(living: LivingReview, tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text("Titel,Autor,Jahr\nClock one,Barr KR,2020\nClock two,Weber A,2021\n", "utf-8")
    day = date(2024, 1, 1)
    with pytest.raises(ColumnsUnknown, match=r"--columns 'Titel=title,Autor=authors'") as refused:
        import_export(living.context(), SOURCE, [table], date_searched=day)
    assert refused.value.columns == ("Titel", "Autor", "Jahr")
    said = Said(columns=columns_from("Titel=title, Autor=authors,Jahr=year"))
    result = import_export(living.context(), SOURCE, [table], date_searched=day, said=said)
    with living.context().store.read() as con:
        found = con.execute("SELECT title, year FROM record_version ORDER BY record_id").fetchall()
    assert result.received == 2 and found == [("Clock one", 2020), ("Clock two", 2021)]
    with pytest.raises(ImportRefused, match="is no column map"):
        columns_from("Titel")


def test_the_strategy_is_read_from_ovids_text_and_a_declared_one_goes_before_it(
    living: LivingReview, tmp_path: Path
) -> None:
    history = "Database: Ovid MEDLINE(R) <1946 to 2024>\nSearch Strategy:\n" + "-" * 20 + "\n1     peer$.mp. (3)\n"
    file = export(tmp_path / "a.ris", 1, 3, f"\n{history}\n" + "*" * 27 + "\n")
    day = date(2024, 1, 1)
    import_export(living.context(), SOURCE, [file], date_searched=day)
    said = Said(exported_by="A librarian", strategy="peer$.mp.")
    import_export(living.context(), SOURCE, [file], date_searched=day, said=said)
    again = import_export(living.context(), SOURCE, [file], date_searched=day, said=said)
    assert again.repeated
    with living.context().store.read() as con:
        kept = con.execute("SELECT strategy, strategy_from, exported_by FROM run_manifest ORDER BY run_id").fetchall()
    assert kept == [(history.rstrip(), "file", None), ("peer$.mp.", "declared", "A librarian")]
