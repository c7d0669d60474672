"""Whatever the bytes: the formats beside RIS read a file whole or refuse it, and lose no word of it."""

import csv
import io
import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from connectors.errors import FileRefused
from connectors.exports import read_export
from connectors.exports.containers import parts_of
from connectors.exports.source import Source
from connectors.exports.tables import plan_table
from connectors.record import ReadFile, received_table

GOLDEN = [
    path
    for path in sorted((Path(__file__).parent / "golden").iterdir())
    if path.suffix not in {".ris", ".nbib", ".json"}
]
CONTENTS = [path.read_bytes() for path in GOLDEN]
TEXTS = [path.read_bytes() for path in GOLDEN if path.suffix != ".xml"]
LINES = [line for content in TEXTS for line in content.splitlines(keepends=True)]
NASTY = [
    b"\x00",
    b"\xef\xbb\xbf",
    b"\x1a",
    b"\r",
    b"\n",
    b"\xe2\x80\xa8",
    b"\xff",
    b'"',
    b'""',
    b",",
    b"\t",
    b";",
    b"{",
    b"}",
    b"@article{x,",
    b"\n@article{x,",
    b"\\",
    b"$",
    b" # ",
    b"\nPT J\n",
    b"\nER\n",
    b"\nEF\n",
    b"\n%0 Book\n",
    b"<",
    b">",
    b"&#0;",
    b"<record>",
    b"</record>",
    b"<!--",
    b"]]>",
    b"9" * 5000,
]
FRAME = {"clarivate", "analytics", "thomson", "reuters", "science", "export", "format", "title"}
"""Words of Web of Science's frame, and the label that begins a record of Embase's."""


def taken_or_refused(content: bytes) -> ReadFile | None:
    try:
        read = read_export(content, "a.txt")
    except FileRefused as refusal:
        assert str(refusal).isprintable() and str(refusal).endswith("."), str(refusal)
        return None
    assert len(read.records) == read.record_starts > 0
    received_table(read.records)
    return read


def words_of(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{5,}", text)}


def assert_no_word_lost(content: bytes, read: ReadFile) -> None:
    pairs = [" ".join(pair) for raw, _ in read.records for pair in json.loads(raw.payload)]
    kept = "\n".join([*pairs, *(part.text for part in read.remnants)]).lower()
    lost = {word for word in words_of(content.decode("utf-8", "replace")) if word not in kept}
    # Names of columns are in the payloads of rows that are long enough, and nowhere else.
    header = plan_table(Source(io.BytesIO(content), "a").lines(), "a").header if read.format == "csv" else ()
    assert lost <= FRAME | words_of(" ".join(header))


@given(st.sampled_from(CONTENTS), st.data())
@settings(deadline=None, max_examples=examples(300))
def test_mutated_files(content: bytes, data: st.DataObject) -> None:
    cut = content[: data.draw(st.integers(len(content) // 2, len(content)))]
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(cut)))
        cut = cut[:at] + data.draw(st.sampled_from(NASTY)) + cut[at:]
    result = taken_or_refused(cut)
    if result is not None and result.format in ("wos", "refer", "csv", "embase-rows") and b"\xff" not in cut:
        assert_no_word_lost(cut, result)


@given(st.lists(st.sampled_from(LINES), max_size=40))
@settings(deadline=None, max_examples=examples(200))
def test_shuffled_lines(lines: list[bytes]) -> None:
    content = b"".join(lines)
    result = taken_or_refused(content)
    if result is not None and result.format in ("wos", "refer", "csv", "embase-rows"):
        assert_no_word_lost(content, result)


@given(st.binary(max_size=600), st.sampled_from([b"", b"@article{", b"PT J\n", b"%0 Book\n", b"Title,EID\n", b"<xml>"]))
@settings(deadline=None)
def test_any_bytes(content: bytes, start: bytes) -> None:
    taken_or_refused(start + content)


@given(st.text("\\{}$^_\"'`~#%&=abc12 .-\n", max_size=80))
@settings(deadline=None, max_examples=examples(300))
def test_any_value_in_bibtex(value: str) -> None:
    taken_or_refused(f"@article{{a,\n title={{{value}}}, author={{{value}}}\n}}\n".encode())


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=6))
@settings(deadline=None)
def test_any_cells_of_a_table(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Title", "EID", "Abstract"])
    writer.writerows(rows)
    taken_or_refused(out.getvalue().encode("utf-8", "replace"))


def book() -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["Title", "EID", "Year"], ["Tea", "2-s2.0-1", 2020], ["Milk", "2-s2.0-2", 2021.0]):
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


BOOK = book()


@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
@settings(deadline=None, max_examples=examples(150))
def test_damaged_workbooks(at: int, byte: int) -> None:
    taken_or_refused(BOOK[:at] + bytes([byte]) + BOOK[at + 1 :])


@pytest.mark.parametrize("seed", range(40))
def test_workbooks_whose_xml_was_changed(seed: int) -> None:
    chance = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w") as new:
        victim = chance.choice(old.namelist())
        for member in old.namelist():
            content = old.read(member)
            if member == victim:
                for _ in range(3):
                    at = chance.randrange(len(content))
                    content = content[:at] + chance.choice([b"", b"<", b"9" * 30, b'"', b"Z", b" "]) + content[at + 1 :]
            new.writestr(member, content)
    for part in parts_of(io.BytesIO(out.getvalue()), "book.xlsx"):
        taken_or_refused(part.file.read())
