"""A file comes out the same however it is cut on its way through memory."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import FileDamaged, RecordsLost
from connectors.exports import open_export, read_export
from connectors.exports.blocks import blocks
from connectors.exports.formats import Asked
from connectors.exports.prepass import lines_of
from connectors.exports.sniff import nbib_starts, ris_starts
from connectors.exports.source import Source, whole_lines
from connectors.exports.tagged import NBIB, RIS
from connectors.record import received_table

GOLDEN = sorted(p for p in (Path(__file__).parent / "golden").iterdir() if p.suffix in {".ris", ".nbib"})
FORMATS = {".ris": RIS, ".nbib": NBIB}
TEXT = st.text("a\r\n\ufeff TY-", max_size=60)


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("most", [1, 2, 3])
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_blocks_of_any_size_give_the_same(path: Path, most: int) -> None:
    content = path.read_bytes()
    whole = read_export(content, path.name)
    small = replace(FORMATS[f".{whole.format}"], most_records=most)
    chunks = list(small.chunks(Source(io.BytesIO(content), path.name), Asked(tables=False)))
    assert len(chunks) == -(-len(whole.records) // most)
    assert tuple(pair for chunk in chunks for pair in chunk.pairs) == whole.records
    assert tuple(part for chunk in chunks for part in chunk.remnants) == whole.remnants


@pytest.mark.parametrize("most", [1, 2])
def test_the_platform_of_most_records_counts_for_all_blocks(most: int) -> None:
    silent, scopus = "TY  - JOUR\nTI  - Tea\nT2  - A\nJF  - B\nER  - \n", "TY  - JOUR\nDB  - Scopus\nER  - \n"
    content = (silent + scopus * 2).encode()
    source = Source(io.BytesIO(content), "a.ris")
    chunks = list(replace(RIS, most_records=most).chunks(source, Asked(tables=False)))
    # Scopus writes the journal in T2, others in JF; what tells stands in a later block.
    assert [record.journal for chunk in chunks for _, record in chunk.pairs] == ["A", None, None]


def test_header_counts_for_all_blocks() -> None:
    header = "Provider: American Psychological Association\nDatabase: PsycExtra\n\n"
    content = (header + "TY  - JOUR\nTI  - Tea\nER  - \n" * 3).encode()
    source = Source(io.BytesIO(content), "a.ris")
    chunks = list(replace(RIS, most_records=1).chunks(source, Asked(tables=False)))
    assert [record.database for chunk in chunks for _, record in chunk.pairs] == ["PsycExtra"] * 3


@given(TEXT, st.integers(1, 9))
def test_lines_however_the_text_arrives(text: str, size: int) -> None:
    assert "".join(whole_lines(pieces(text, size), "a")) == text
    for before, after in pairwise(whole_lines(pieces(text, size), "a")):
        assert before.endswith(("\r", "\n"))
        assert not (before.endswith("\r") and after.startswith("\n"))
    numbered = list(Source(io.BytesIO(text.encode()), "a").lines())
    assert numbered == list(lines_of(text.removeprefix("\ufeff")))


@given(st.lists(st.sampled_from(["TY  - a\n", "\n", "x\r\n", "1. \r", "ER  - \n", " TY - "]), max_size=30), st.data())
def test_blocks_hold_every_character(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    size, most = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 3))
    cut = list(blocks(whole_lines(pieces(text, size), "a"), ris_starts, "a", most, 1 << 20))
    starts = list(ris_starts(text))
    assert sum(block.records for block in cut) == len(starts)
    if starts:
        assert "".join(block.text for block in cut).replace("\r", "").replace("\n", "") == text.replace(
            "\r", ""
        ).replace("\n", "")
    numbers = [number for number, line in lines_of(text) if list(ris_starts(line))]
    assert [block.line for block in cut[1:]] == [numbers[block.first - 1] for block in cut[1:]]


def test_starts_within_a_line_are_none() -> None:
    assert list(ris_starts("TY  - a TY  - b\nx TY  - c\n 3. TY  - d\rTY - \n")) == [0, 26, 38]
    assert list(nbib_starts("PMID- 1\nx PMID- 2\n      PMID- 3\n\ufeffPMID-4")) == [0, 32]


@pytest.mark.parametrize("filler", [b"x" * (1 << 20), b"x\n" * (1 << 19)], ids=["a line", "a record"])
def test_without_end(filler: bytes) -> None:
    content = b"TY  - JOUR\nAB  - " + filler * 70
    with pytest.raises(FileDamaged, match="which no export has"):
        for _ in open_export(io.BytesIO(content), "a.ris").chunks():
            pass


def test_tables_hold_what_the_pairs_hold() -> None:
    content = b"".join(b"TY  - JOUR\nTI  - Tea %d\nID  - %d\nER  - \n" % (n, n) for n in range(5000))
    export = open_export(io.BytesIO(content), "a.ris")
    tables = [chunk.table for chunk in export.chunks(first_position=11)]
    assert [table.num_rows for table in tables if table is not None] == [1000] * 5
    assert pa.concat_tables(tables) == received_table(read_export(content, "a.ris").records, 11)
    summary = export.summary()
    assert (summary.records, summary.record_starts, summary.filled["title"]) == (5000, 5000, 5000)
    assert summary.years is None


def test_losses_show_at_the_end() -> None:
    content = b"TY  - JOUR\nER  - \nAU  - Weber, K\nTI  - Bread\nER  - \n"
    export = open_export(io.BytesIO(content), "a.ris")
    with pytest.raises(RecordsLost):
        list(export.chunks())
    with pytest.raises(RuntimeError):
        export.summary()
