"""A review written as one file, read by others, and brought back."""

import hashlib
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from living import SAMPLES, SLUG, LivingReview, closed_in, made_in, settings_for, updated_in

from livingsearch.cli.main import run
from livingsearch.errors import ArchiveRefused, ReviewExists, ReviewUnknown, StoreDamaged
from livingsearch.services.archive import Archive, write_archive
from livingsearch.services.context import open_review
from livingsearch.services.doctor import examine
from livingsearch.services.publishing import publish
from livingsearch.services.reporting import review_counts
from livingsearch.services.restore import restore_archive
from livingsearch.services.screening import say
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin
from livingsearch.store.migrate import migrations


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """Two updates, words of reviewers, a published version, an export that was rejected, a link in the folder."""
    review = updated_in(tmp_path_factory.mktemp("archive") / "workspace")
    context = review.context()
    say(context, ["R000001", "R000002"], "exclude", who="A. Reviewer")
    publish(context, 1)
    publish(context, 1, approve=True, who="B. Reviewer")
    (context.folder.rejected / "embase-ovid").mkdir()
    (context.folder.rejected / "embase-ovid" / "why.txt").write_text("no export", "utf-8")
    (context.folder.inbox / "elsewhere").symlink_to(SAMPLES)
    return review


@pytest.fixture(scope="module")
def written(living: LivingReview, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return write_archive(living.context(), tmp_path_factory.mktemp("written") / "review.zip")


def counted(path: Path) -> dict[str, int]:
    """Rows by table of a database, without any code of ours."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: con.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for name in names}


def prisma_json(review: LivingReview, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    capsys.readouterr()
    assert run(["prisma", SLUG, "--json", *more], review.settings) == 0
    return capsys.readouterr().out


def test_any_duckdb_reads_the_tables_and_counts_the_same(
    living: LivingReview, written: Archive, tmp_path: Path
) -> None:
    shutil.unpack_archive(written.path, tmp_path)
    rows = counted(living.context().folder.database)
    caches = {name: rows.pop(name) for name in ("normalised", "record_key")}
    assert set(written.left_out) == {*caches, "inbox/elsewhere"}
    rows["derived"] -= 1
    with duckdb.connect() as con:
        told = {
            path.stem: con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()[0][0]
            for path in (tmp_path / "tables").iterdir()
        }
        records = con.execute(
            f"SELECT source, count(*) FROM '{tmp_path}/tables/record.parquet' GROUP BY source"
        ).fetchall()
    assert told == rows == written.tables
    with living.context().store.read() as con:
        assert (
            sorted(records) == con.execute("SELECT source, count(*) FROM record GROUP BY ALL ORDER BY ALL").fetchall()
        )


def test_every_member_has_the_sha256_that_the_manifest_tells(written: Archive) -> None:
    with zipfile.ZipFile(written.path) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        assert set(packed.namelist()) == {*manifest["members"], "manifest.json"}
        for name, told in manifest["members"].items():
            content = packed.read(name)
            assert (len(content), hashlib.sha256(content).hexdigest()) == (told["bytes"], told["sha256"])
    assert hashlib.sha256(written.path.read_bytes()).hexdigest() == written.sha256


def test_the_readme_tells_of_every_column_in_words(living: LivingReview, written: Archive) -> None:
    with zipfile.ZipFile(written.path) as packed:
        text = packed.read("README.md").decode()
    with living.context().store.read() as con:
        columns = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    for table, column in columns:
        if table in written.tables:
            section = text.split(f"### {table}\n")[1].split("### ")[0]
            assert f"| {column} |" in section
    assert "What a person says of a pair; outranks every verdict." in text
    assert "list of texts" in text
    assert "`normalised`: a table that is made anew from the others" in text


def test_all_that_lies_in_the_folder_is_in_it(living: LivingReview, written: Archive) -> None:
    folder = living.context().folder
    with zipfile.ZipFile(written.path) as packed:
        names = {name.removeprefix("review/") for name in packed.namelist() if name.startswith("review/")}
    there = {p.relative_to(folder.path).as_posix() for p in folder.path.rglob("*") if p.is_file()}
    assert names == {name for name in there if not name.startswith(("review.duckdb", "locks/", "inbox/elsewhere"))}
    version = {f"published/{SLUG}-update-001{ending}" for ending in (".json", "-flow.svg", "-flow.txt")}
    assert {"review.toml", "rejected/embase-ovid/why.txt", *version} <= names


def test_a_restored_review_is_the_same(
    living: LivingReview, written: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restored = restore_archive(settings_for(tmp_path), written.path)
    again = LivingReview(settings_for(tmp_path))
    assert (restored.review, restored.position, restored.migrated) == (SLUG, written.position, ())
    rows = counted(living.context().folder.database)
    left_out = ("normalised", "record_key")
    assert counted(again.context().folder.database) == {
        **{name: n for name, n in rows.items() if name not in left_out},
        "derived": rows["derived"] - 1,
    }
    for more in ((), ("--whole",), ("--as-of", "1")):
        assert prisma_json(again, capsys, *more) == prisma_json(living, capsys, *more)
    assert [check for check in examine(again.settings, (SLUG,)) if not check.ok] == []
    assert not [p for p in tmp_path.iterdir() if p.name != SLUG]
    other = write_archive(again.context(), tmp_path / "again.zip")
    assert other.tables == written.tables
    with zipfile.ZipFile(other.path) as ours, zipfile.ZipFile(written.path) as theirs:
        tables = [name for name in ours.namelist() if name.startswith("tables/")]
        assert [name for name in tables if ours.read(name) != theirs.read(name)] == []


def test_the_same_state_gives_the_same_bytes(living: LivingReview, written: Archive, tmp_path: Path) -> None:
    assert write_archive(living.context(), tmp_path / "again.zip").sha256 == written.sha256


def test_a_restored_review_goes_on_like_the_other(living: LivingReview, tmp_path: Path) -> None:
    """Its caches are made anew on the way."""
    archive = write_archive(closed_in(tmp_path / "first").context(), tmp_path / "review.zip").path
    with Standin.of_files([SAMPLES / "update" / "pubmed.xml"]) as standin:
        second = LivingReview(settings_for(tmp_path / "second", standin.base_url))
        restore_archive(second.settings, archive)
        assert second.run("update", standin, 2).closed
    ours, theirs = (review_counts(review.context()).closed for review in (living, second))
    assert [flow.sources for flow in ours] == [flow.sources for flow in theirs]
    assert ours[1].duplicates > 0


def test_restored_under_another_name(written: Archive, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    restored = restore_archive(settings, written.path, name="a-copy")
    context = open_review(settings, "a-copy")
    assert (restored.review, restored.archived_as) == ("a-copy", SLUG)
    assert context.review.slug == "a-copy"
    assert "# " in context.review.text, "comments in the file stay"
    assert (context.folder.batch(1) / "a-copy-update-001-counts.json").is_file()
    assert run_update(context, number=2).batch is not None
    with pytest.raises(ReviewUnknown, match="no name of a review"):
        restore_archive(settings, written.path, name="../elsewhere")


def test_a_review_that_is_there_is_not_written_over(living: LivingReview, written: Archive) -> None:
    before = counted(living.context().folder.database)
    with pytest.raises(ReviewExists, match="--as NAME"):
        restore_archive(living.settings, written.path)
    assert counted(living.context().folder.database) == before


def test_an_archive_of_earlier_tables_is_brought_up(tmp_path: Path) -> None:
    """Made by the migrations of then: only the first of them had been applied."""
    review = made_in(tmp_path / "now")
    folder, first = review.context().folder, migrations()[0]
    folder.database.unlink()
    with duckdb.connect(str(folder.database)) as con:
        con.execute(
            "CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, "
            "sha256 VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
        con.execute(first.sql)
        con.execute("INSERT INTO schema_migration VALUES (?, ?, ?, now()::TIMESTAMP)", [1, first.name, first.sha256])
        con.execute("INSERT INTO verdict VALUES (1, 2, 'duplicate', 'same PMID', 1.0, 'same PMID', 'v1', 3)")
        tables = {}
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'derived'").fetchall():
            con.execute(f"COPY {name} TO '{tmp_path}/{name}.parquet' (FORMAT parquet)")
            tables[name] = con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
    members = {f"tables/{name}.parquet": (tmp_path / f"{name}.parquet").read_bytes() for name in tables}
    members |= {"README.md": b"", "review/review.toml": folder.review_file.read_bytes()}
    applied = [{"number": 1, "name": first.name, "sha256": first.sha256}]
    packed(tmp_path / "old.zip", members, tables=tables, migrations=applied)
    settings = settings_for(tmp_path / "then")
    restored = restore_archive(settings, tmp_path / "old.zip")
    assert restored.migrated == tuple(m.name for m in migrations()[1:])
    with open_review(settings, SLUG).store.read() as con:
        assert con.execute("SELECT evidence, relation FROM verdict").fetchall() == [("same PMID", None)]


def packed(path: Path, members: dict[str, bytes], **said: Any) -> None:
    """An archive by hand."""
    told = {name: {"bytes": len(c), "sha256": hashlib.sha256(c).hexdigest()} for name, c in members.items()}
    manifest = {
        "format": 1,
        "review": SLUG,
        "title": "",
        "version": None,
        "program": "livingsearch 0",
        "position": 0,
        "as_of": None,
        "migrations": [],
        "tables": {},
        "left_out": {},
        "members": told,
        **said,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
        out.writestr("manifest.json", json.dumps(manifest))


Content = dict[str, bytes]


def other_review(members: Content, manifest: dict[str, Any]) -> None:
    members["review/review.toml"] = members["review/review.toml"].replace(SLUG.encode(), b"another", 1)


def altered(members: Content, manifest: dict[str, Any]) -> None:
    members["tables/log.parquet"] = members["tables/log.parquet"][::-1]


def fewer(members: Content, manifest: dict[str, Any]) -> None:
    del members["tables/run.parquet"]


def miscounted(members: Content, manifest: dict[str, Any]) -> None:
    manifest["tables"]["run"] += 1


def stranger(members: Content, manifest: dict[str, Any]) -> None:
    members["review/../../escaped.txt"] = b"x"


def database(members: Content, manifest: dict[str, Any]) -> None:
    members["review/review.duckdb"] = b"x"


def newer(members: Content, manifest: dict[str, Any]) -> None:
    manifest["migrations"].append({"number": 9999, "name": "9999_later.sql", "sha256": "0" * 64})


def newer_format(members: Content, manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


def other_migration(members: Content, manifest: dict[str, Any]) -> None:
    manifest["migrations"][0]["sha256"] = "0" * 64


def fewer_migrations(members: Content, manifest: dict[str, Any]) -> None:
    del manifest["migrations"][-1]


def swapped(members: Content, manifest: dict[str, Any]) -> None:
    members["tables/report.parquet"] = members["tables/log.parquet"]
    manifest["tables"]["report"] = manifest["tables"]["log"]


def renamed_reply(members: Content, manifest: dict[str, Any]) -> None:
    name = next(name for name in members if name.startswith("review/received/"))
    members["review/received/" + "0" * 64] = members.pop(name)


def lost_reply(members: Content, manifest: dict[str, Any]) -> None:
    del members[next(name for name in members if name.startswith("review/received/"))]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (other_review, "names the review 'another'"),
        (altered, "no Parquet file"),
        (fewer, "tables/run.parquet is missing"),
        (miscounted, "its manifest says"),
        (stranger, "escaped.txt"),
        (database, "would take the place of the database"),
        (newer, "newer livingsearch"),
        (newer_format, "newer livingsearch"),
        (other_migration, "is not the one of this program"),
        (fewer_migrations, r"migrations|columns"),
        (swapped, "columns of report.parquet"),
        (renamed_reply, "is not named by its sha256"),
        (lost_reply, "received file"),
    ],
)
def test_what_was_tampered_with_is_refused(
    written: Archive, tmp_path: Path, change: Callable[[Content, dict[str, Any]], None], told: str
) -> None:
    with zipfile.ZipFile(written.path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    del manifest["members"]
    packed(tmp_path / "tampered.zip", members, **manifest)
    refused(tmp_path, told)


def refused(tmp_path: Path, told: str) -> None:
    """Nothing is left of it, and nothing lies outside of the workspace."""
    workspace = tmp_path / "deep" / "workspace"
    with pytest.raises(ArchiveRefused, match=told):
        restore_archive(settings_for(workspace), tmp_path / "tampered.zip")
    assert list(workspace.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "tampered.zip"]


def test_a_member_that_differs_from_the_manifest_is_refused(written: Archive, tmp_path: Path) -> None:
    with zipfile.ZipFile(written.path) as whole, zipfile.ZipFile(tmp_path / "tampered.zip", "w") as out:
        for info in whole.infolist():
            content = whole.read(info)
            out.writestr(info, content[::-1] if info.filename.endswith("-counts.json") else content)
    refused(tmp_path, "is damaged: .*counts.json")


def test_a_bomb_is_refused_before_it_is_unpacked(written: Archive, tmp_path: Path) -> None:
    packed(tmp_path / "tampered.zip", {"README.md": bytes(70 << 20), "review/review.toml": b""})
    refused(tmp_path, "bytes would become")


def test_a_table_of_too_many_rows_is_refused(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 1 AS run_id FROM range(9000000)) TO '{tmp_path}/t.parquet' (ROW_GROUP_SIZE 9000000)")
    content = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").unlink()
    applied = [{"number": m.number, "name": m.name, "sha256": m.sha256} for m in migrations()]
    members = {"README.md": b"", "review/review.toml": b"", "tables/run_hits_not_shown.parquet": content}
    packed(tmp_path / "tampered.zip", members, tables={"run_hits_not_shown": 9_000_000}, migrations=applied)
    refused(tmp_path, "holds 9,000,000 rows in")


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("/etc/passwd", stat.S_IFREG),
        ("review\\..\\x", stat.S_IFREG),
        ("review/C:x", stat.S_IFREG),
        ("review/nul.txt", stat.S_IFREG),
        ("review/received//x", stat.S_IFREG),
        ("review/.hidden", stat.S_IFREG),
        ("review/locks/x", stat.S_IFREG),
        ("tables/../x.parquet", stat.S_IFREG),
        ("elsewhere/x", stat.S_IFREG),
        ("review/link", stat.S_IFLNK),
        ("REVIEW/REVIEW.TOML", stat.S_IFREG),
    ],
)
def test_members_that_could_lie_elsewhere_are_refused(tmp_path: Path, name: str, mode: int) -> None:
    with zipfile.ZipFile(tmp_path / "tampered.zip", "w") as out:
        out.writestr("review/review.toml", b"")
        info = zipfile.ZipInfo(name)
        info.filename = info.orig_filename = name
        info.external_attr = mode << 16
        out.writestr(info, b"x")
    refused(tmp_path, "nothing was unpacked")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tampered.zip").write_bytes(b"PK no zip")
    refused(tmp_path, "no zip file")
    with zipfile.ZipFile(tmp_path / "tampered.zip", "w") as out:
        out.writestr("review/review.toml", b"")
    refused(tmp_path, "has no manifest.json")
    with zipfile.ZipFile(tmp_path / "tampered.zip", "w") as out:
        out.writestr("manifest.json", '{"format": "1"}')
    refused(tmp_path, r"cannot be used \(format")


def test_a_damaged_received_file_is_not_archived(tmp_path: Path) -> None:
    review = closed_in(tmp_path / "workspace")
    received = sorted(review.context().folder.received.iterdir())
    kept = received[0].read_bytes()
    received[0].write_bytes(kept + b" ")
    with pytest.raises(StoreDamaged, match="was changed after it came"):
        write_archive(review.context(), tmp_path / "review.zip")
    received[0].unlink()
    with pytest.raises(StoreDamaged, match=r"1 received file\(s\) are missing"):
        write_archive(review.context(), tmp_path / "review.zip")
    assert [p.name for p in tmp_path.iterdir()] == ["workspace"], "no half archive stays"


def test_an_archive_is_never_written_over_or_into_its_review(written: Archive, living: LivingReview) -> None:
    before = written.path.read_bytes()
    with pytest.raises(ArchiveRefused, match="is there already"):
        write_archive(living.context(), written.path)
    assert written.path.read_bytes() == before
    with pytest.raises(ArchiveRefused, match="own folder"):
        write_archive(living.context(), living.context().folder.batches / "x.zip")
    with pytest.raises(ArchiveRefused, match="no folder"):
        write_archive(living.context(), written.path.parent / "missing" / "x.zip")
    odd = living.context().folder.inbox / "a:b.ris"
    odd.write_text("", "utf-8")
    try:
        with pytest.raises(ArchiveRefused, match=r"'inbox/a:b.ris' cannot be archived"):
            write_archive(living.context(), written.path.with_name("other.zip"))
    finally:
        odd.unlink()


def test_a_table_of_later_migrations_is_archived_without_being_named_here(tmp_path: Path) -> None:
    review = made_in(tmp_path / "workspace")
    with review.context().store.write() as con:
        con.execute("CREATE TABLE of_later (number INTEGER, told VARCHAR)")
        con.execute("INSERT INTO of_later VALUES (1, 'kept')")
    archive = write_archive(review.context(), tmp_path / "review.zip")
    assert archive.tables["of_later"] == 1
    again = LivingReview(settings_for(tmp_path / "again"))
    restore_archive(again.settings, archive.path)
    with again.context().store.read() as con:
        assert con.execute("FROM of_later").fetchall() == [(1, "kept")]


def test_the_commands_tell_what_they_did(
    living: LivingReview, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, settings = tmp_path / "review.zip", settings_for(tmp_path / "workspace")
    assert run(["archive", SLUG, "--to", str(file)], living.settings) == 0
    told = capsys.readouterr().out
    assert "Left out: inbox/elsewhere (a link)" in told
    assert hashlib.sha256(file.read_bytes()).hexdigest() in told.replace("\n", "")
    assert run(["restore", str(file), "--json"], settings) == 0
    assert json.loads(capsys.readouterr().out)["review"] == SLUG
    assert run(["restore", str(file)], settings) == 1
    assert "is there already" in capsys.readouterr().err
