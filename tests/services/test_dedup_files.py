"""Files deduplicated without a review: what is read, what comes out, what is refused."""

import csv
from pathlib import Path

import duckdb
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from living import SAMPLES, settings_for

from connectors.errors import FileRefused
from livingsearch.errors import RecordsRefused
from livingsearch.services.dedup_files import FilesDeduplicated, Outputs, deduplicate_files
from livingsearch.services.record_columns import MACROS

HEAD = "record_id,author,title,year,journal,volume,number,pages,doi\n"
SALT = '"Okonkwo, Ada and Lee, Bo","Salt intake and blood pressure in coastal villages",2009,Coast Med,4,1,101-9'
SALT_AGAIN = '"Okonkwo A, Lee B","Salt Intake and Blood Pressure in Coastal Villages.",2009,Coast Med,4,1,101-109'
TEA = '"Rossi, Carla","Copper kettles and the microbiome of tea drinkers",2011,Gut and Cup,7,2,33-41'


def table(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text(head + "".join(row + "\n" for row in rows), "utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(tmp_path: Path, *files: Path, **outputs: Path) -> FilesDeduplicated:
    return deduplicate_files(files, settings_for(tmp_path), Outputs(**outputs))


def test_every_record_of_a_table_gets_a_row_and_ids_stay_text(tmp_path: Path) -> None:
    records = table(tmp_path / "records.csv", f"007,{SALT},", f"7,{TEA},", f" 7,{SALT_AGAIN},", f"1e3,{TEA},10.5/x")
    groups = tmp_path / "groups.csv"
    found = run(tmp_path, records, groups=groups, queue=tmp_path / "queue.csv")
    assert (found.records, found.reports, found.duplicates) == (4, 2, 2)
    assert [tuple(row.values()) for row in rows_of(groups)] == [("007", "007"), ("7", "7"), (" 7", "007"), ("1e3", "7")]
    assert (tmp_path / "queue.csv").read_text() == "record_id_a,record_id_b,rule,score\n"


def test_the_same_records_as_parquet_and_as_tab_separated_text(tmp_path: Path) -> None:
    records = table(tmp_path / "records.csv", f"a,{SALT},", f"b,{TEA},", f"c,{SALT_AGAIN},")
    con = duckdb.connect()
    con.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{records}', all_varchar = true)")
    con.execute(f"COPY (SELECT * REPLACE (year::BIGINT AS year) FROM t) TO '{tmp_path}/r.parquet'")
    con.execute(f"COPY t TO '{tmp_path}/[1] r*.tsv' (DELIMITER '\t', HEADER)")
    con.execute(
        f"COPY (SELECT * EXCLUDE (author), string_split(author, ' and ') AS authors FROM t) "
        f"TO '{tmp_path}/listed.parquet'"
    )
    said = []
    for name in ("records.csv", "r.parquet", "[1] r*.tsv", "listed.parquet"):
        run(tmp_path, tmp_path / name, groups=tmp_path / "groups.csv")
        said.append([row["predicted_cluster"] for row in rows_of(tmp_path / "groups.csv")])
    assert said == [["a", "b", "a"]] * 4


def test_columns_are_known_by_several_names_in_any_case(tmp_path: Path) -> None:
    head = "Record ID;TITLE;Authors;Publication Year;Source title;Vol;Issue;Start page;End-page;Extra\n"
    rows = ["x;Tea and copper kettles in winter;Rossi C;2011;Gut and Cup;7;2;33;41;1"] * 2
    rows = [rows[0], rows[1].replace("x;", "y;").replace("Rossi C;", "Rossi, Carla;")]
    found = run(tmp_path, table(tmp_path / "r.csv", *rows, head=head), groups=tmp_path / "groups.csv")
    assert found.duplicates == 1
    assert found.pairs["duplicate"] == {"title_and_full_place": 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("title,author\nTea,Rossi\n", ("record_id", "title, author")),
        ("record_id,author\n1,Rossi\n", ("no column title",)),
        (HEAD + f"1,{SALT},\n1,{TEA},\n", ("record_id 1", "twice", "row 1", "row 2")),
        (HEAD + f"1,{SALT},\n,{TEA},\n  ,{TEA},\n", ("row 2", "no record_id", "1 more")),
        (HEAD + f"1,{SALT},\n2,{TEA}\n", ("line 3", "8 cells", "9")),
        (HEAD + f'1,{SALT},\n2,"Rossi "C"",Tea,,,,,,\n', ("line 3", "quotation mark")),
        (HEAD.encode() + b"1,M\xfcller,Tea,2011,,,,,\n", ("line 2", "UTF-8")),
        (b"", ("no table of records",)),
        (b"PAR1 but nothing else", ("damaged",)),
        (b"\x00\x01\x02", ("no table of records",)),
    ],
)
def test_hostile_tables_are_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, words: tuple[str, ...]
) -> None:
    path = tmp_path / "records.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(RecordsRefused) as refused:
        run(tmp_path, path, groups=tmp_path / "groups.csv")
    assert [word for word in words if word not in str(refused.value)] == []
    assert len(str(refused.value).splitlines()) == 1
    assert not (tmp_path / "groups.csv").exists()
    assert list(tmp_path.glob(".*")) == []


def test_an_empty_table_and_one_of_generic_records(tmp_path: Path) -> None:
    assert run(tmp_path, table(tmp_path / "none.csv"), groups=tmp_path / "g.csv").records == 0
    assert (tmp_path / "g.csv").read_text() == "record_id,predicted_cluster\n"
    blank = [f"{n},,,,,,,," for n in range(1, 6)]
    assert run(tmp_path, table(tmp_path / "blank.csv", *blank), groups=tmp_path / "g.csv").reports == 5


def test_exports_and_tables_together(tmp_path: Path) -> None:
    base = SAMPLES / "base"
    unlabelled = table(tmp_path / "list.csv", '"Tea and copper kettles","Rossi, C",2011', head="title,author,year\n")
    found = run(
        tmp_path,
        base / "ovid-medline.ris",
        base / "pubmed.xml",
        unlabelled,
        to=tmp_path / "out.ris",
        pairs=tmp_path / "pairs.csv",
    )
    assert [f.records for f in found.files] == [74, 97, 1]
    assert found.records == 172
    assert found.duplicates + found.reports == 172
    assert found.pairs["duplicate"]["same_pmid"] > 20
    text = (tmp_path / "out.ris").read_text("utf-8")
    assert text.count("TY  - ") == text.count("ER  - ") == found.reports
    assert "update:" not in text
    assert {row["outcome"] for row in rows_of(tmp_path / "pairs.csv")} <= {"duplicate", "possible", "distinct"}
    assert all(row["evidence"] for row in rows_of(tmp_path / "pairs.csv"))
    again = run(tmp_path, tmp_path / "out.ris")
    assert (again.records, again.duplicates) == (found.reports, 0)


def test_all_numbers_of_a_report_are_written(tmp_path: Path) -> None:
    head = HEAD.replace("doi", "doi,pmid")
    rows = (
        f"a,{SALT},HTTPS://doi.org/10.5555/Salt.1,",
        f"b,{SALT_AGAIN},10.5555/salt.1,",
        f"c,{SALT},10.5555/salt.l,",
        f"d,{SALT},,42",
        f"e,{TEA},10.5555/tea,43",
    )
    found = run(tmp_path, table(tmp_path / "r.csv", *rows, head=head), to=tmp_path / "o.csv")
    assert found.reports == 2
    salt, tea = rows_of(tmp_path / "o.csv")
    assert (salt["doi"].lower(), salt["pubmed_id"]) == ("10.5555/salt.1", "42")
    assert salt["notes"].endswith("other numbers: doi:10.5555/salt.l")
    assert "other numbers" not in tea["notes"]


def test_the_queue_names_records_of_exports_by_file_and_place(tmp_path: Path) -> None:
    fields = "TY  - JOUR\nTI  - Salt intake and blood pressure in {}\nAU  - Okonkwo, Ada\nPY  - 2009\nER  - \n\n"
    export = tmp_path / "two.ris"
    export.write_text("".join(fields.format(words) for words in ("women of the coast", "men of the coast")))
    found = run(tmp_path, export, queue=tmp_path / "queue.csv", pairs=tmp_path / "pairs.csv")
    asked = [(row["record_id_a"], row["record_id_b"]) for row in rows_of(tmp_path / "queue.csv")]
    assert asked == [(f"{export}:1", f"{export}:2")]
    assert found.to_look_at == 1
    with pytest.raises(RecordsRefused, match="--groups"):
        run(tmp_path, export, groups=tmp_path / "groups.csv")


def test_what_is_wrong_with_a_file_is_told(tmp_path: Path) -> None:
    export = tmp_path / "cut.ris"
    export.write_text("TY  - JOUR\nTI  - Salt and sea\nER  - \n\nTY  - JOUR\nTI  - Cut off in the mid")
    (file,) = run(tmp_path, export).files
    assert file.records == 2
    assert "1 record lacked an ER line." in file.notes


def test_what_was_written_here_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    records = table(tmp_path / "records.csv", f"a,{SALT},", f"b,{TEA},", f"c,{SALT_AGAIN},")
    outputs = {"to": tmp_path / "o.csv", "groups": tmp_path / "g.csv", "pairs": tmp_path / "p.csv"}
    for _ in range(2):
        run(tmp_path, records, **outputs)
    assert [row["accessions"] for row in rows_of(outputs["to"])] == ["a; c", "b"]
    mine = tmp_path / "mine.csv"
    mine.write_text("a,b\n1,2\n")
    for bad in ({"to": mine}, {"groups": mine}, {"to": records}, {"to": mine.with_suffix(".doc")}):
        with pytest.raises(RecordsRefused):
            run(tmp_path, records, **bad)
    with pytest.raises(RecordsRefused, match="two outputs"):
        run(tmp_path, records, groups=mine.with_name("x.csv"), queue=mine.with_name("x.csv"))
    with pytest.raises(RecordsRefused, match="folder does not exist"):
        run(tmp_path, records, groups=tmp_path / "none" / "g.csv")
    assert mine.read_text() == "a,b\n1,2\n"
    assert records.read_text("utf-8").startswith(HEAD)


def test_a_file_named_twice_and_files_that_are_nothing(tmp_path: Path) -> None:
    records = table(tmp_path / "records.csv", f"a,{SALT},")
    with pytest.raises(RecordsRefused, match="named twice"):
        run(tmp_path, records, tmp_path / "." / "records.csv")
    with pytest.raises(RecordsRefused, match="cannot be read"):
        run(tmp_path, tmp_path / "none.csv")
    with pytest.raises(FileRefused):
        run(tmp_path, SAMPLES.parent / "README.md")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chen R.Wang Y.Liang L.", ["Chen R.", "Wang Y.", "Liang L."]),
        ("Smith, J. and Doe, K.", ["Smith, J.", "Doe, K."]),
        ("Smith, J.; Doe, K.; and Roe, L.", ["Smith, J.", "Doe, K.", "Roe, L."]),
        ("Smith J, Doe K, van der Meer JP", ["Smith J", "Doe K", "van der Meer JP"]),
        ("Smith, J., Doe, K. A., & Roe, L.", ["Smith, J.", "Doe, K. A.", "Roe, L."]),
        ("J. Smith, K. Doe and L. Roe", ["J. Smith", "K. Doe", "L. Roe"]),
        ("Ada Okonkwo, Bo Lee, Carla Rossi", ["Ada Okonkwo", "Bo Lee", "Carla Rossi"]),
        ("van der Meer, Jan P.", ["van der Meer, Jan P."]),
        ("M&uuml;ller, K and Doe, A", ["Muller, K", "Doe, A"]),
        ("Group of Salt and Sea", ["Group of Salt", "Sea"]),
        (" ; ,", [","]),
        (None, None),
    ],
)
def test_authors_in_every_notation(text: str | None, names: list[str] | None) -> None:
    con = duckdb.connect()
    for macro in MACROS:
        con.execute(f"CREATE TEMP MACRO {macro}")
    assert con.execute("SELECT read_authors(?)", [text]).fetchone() == (names,)


PARTS = st.sampled_from(["Smith", "van", "Meer", "JP", "K.", "Ada-Lee", "O'Shea", "and", "et", "al.", "III", "Ö", "De"])
WRITTEN = st.lists(st.lists(PARTS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3).map(", ".join)


def test_common_forms_of_names_are_read_as_the_long_way_reads_them() -> None:
    """But for two names of which the second has a comma: they are taken to be `Smith, J. and van der Meer, J. P.`."""
    con = duckdb.connect()
    for macro in MACROS:
        con.execute(f"CREATE TEMP MACRO {macro}")
    con.execute(
        "CREATE TEMP MACRO at_length(x) AS list_filter("
        "list_transform(read_plain_list(read_entities(x)), lambda n: trim(n)), lambda n: n <> '')"
    )
    con.execute("CREATE TABLE written (x VARCHAR)")

    @settings(max_examples=examples(60), deadline=None)
    @given(texts=st.lists(st.lists(WRITTEN, min_size=1, max_size=3).map(" and ".join), min_size=20, max_size=60))
    def same(texts) -> None:
        con.execute("DELETE FROM written")
        con.executemany("INSERT INTO written VALUES (?)", [[text] for text in texts])
        assert not con.execute(
            "SELECT x, read_authors(x), at_length(x) FROM written"
            " WHERE NOT coalesce(contains(string_split(x, ' and ')[2:][-1], ', '), false)"
            " AND read_authors(x) <> at_length(x)"
        ).fetchall()
        assert not con.execute(
            "SELECT x FROM (SELECT x, parted_by_and(x) AS t FROM written) WHERE read_ands(t)"
            " <> flatten(list_transform(string_split(t, chr(29)), lambda n: read_commas(n)))"
        ).fetchall()

    same()
