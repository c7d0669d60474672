"""Exports that real platforms wrote: each is taken whole or refused with a sentence.

The files belong to their publishers and are no part of this repository; point `LIVINGSEARCH_EXPORTS` at a
folder of exports to run them.
"""

import os
import re
from pathlib import Path

import pytest
from raw_exports import FIELDS, raw_records

from connectors.errors import FileRefused
from connectors.exports import read_export

_BESIDE = Path(__file__).parents[4] / "shared" / "exports"
FOLDER = Path(os.environ.get("LIVINGSEARCH_EXPORTS", _BESIDE))
ENDINGS = {".ris", ".nbib", ".txt"}
FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in ENDINGS) if FOLDER.is_dir() else []
REFUSED = {"jabref_noTY.ris", "ovid_fieldtext_jabref.txt"}
WITHOUT_TITLES = {"jabref_noER_11TY.ris", "rispy_bom_1.ris"}


def starts_in(path: Path) -> int:
    text = path.read_bytes().decode("utf-8-sig")
    return len(re.findall(r"(?m)^\ufeff?(?:TY  ?-|PMID-)", re.sub(r"\r\n?", "\n", text)))


@pytest.mark.skipif(not FILES, reason="no folder of real exports here; set LIVINGSEARCH_EXPORTS")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_export(path: Path) -> None:
    try:
        read = read_export(path.read_bytes(), path.name)
    except FileRefused as refusal:
        assert path.name in REFUSED
        assert str(refusal).startswith(path.name)
        return
    assert path.name not in REFUSED
    assert len(read.records) == read.record_starts == starts_in(path)
    if path.name in WITHOUT_TITLES:
        return
    assert all(record.title and record.year for _, record in read.records)
    for field in ("authors", "journal"):
        told = sum(bool(getattr(record, field)) for _, record in read.records)
        assert told >= 0.9 * len(read.records) or path.name.startswith(("asreview", "jabref"))


@pytest.mark.skipif(not FILES, reason="no folder of real exports here; set LIVINGSEARCH_EXPORTS")
@pytest.mark.parametrize("path", [path for path in FILES if path.name not in REFUSED], ids=lambda path: path.name)
def test_every_field_that_the_raw_file_has_is_filled(path: Path) -> None:
    raw = raw_records(path.read_bytes())
    read = read_export(path.read_bytes(), path.name)
    assert len(raw) == len(read.records)
    empty = [
        (number, field)
        for number, (told, (_, record)) in enumerate(zip(raw, read.records, strict=True), 1)
        for field in FIELDS
        if field in told and not getattr(record, field)
    ]
    assert not empty
