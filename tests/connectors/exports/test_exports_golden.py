"""One small file of our own a quirk: `golden/<quirk>.ris` or `.nbib`, and beside it what has to come out."""

import json
from pathlib import Path

import pytest

from connectors.exports import read_export

GOLDEN = Path(__file__).parent / "golden"
QUIRKS = sorted(path for path in GOLDEN.iterdir() if path.suffix in {".ris", ".nbib"})


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("path", QUIRKS, ids=lambda path: path.stem)
def test_quirk(path: Path, line_end: str) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    text = path.read_bytes().decode("utf-8").replace("\r\n", "\n").replace("\n", line_end)

    read = read_export(text.encode("utf-8"), path.name)

    assert read.format == expected.get("format", path.suffix[1:])
    assert read.platform == expected["platform"]
    assert read.record_starts == len(read.records) == len(expected["records"])
    for (raw, record), fields in zip(read.records, expected["records"], strict=True):
        found = {name: getattr(record, name) for name in fields}
        assert {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()} == fields
        assert raw.form == read.format
        assert json.loads(raw.payload)[0][0] in {"TY", "PMID"}
    if "warnings" in expected:
        assert list(read.warnings) == expected["warnings"]
    if "remnants" in expected:
        assert [[part.line, part.text] for part in read.remnants] == expected["remnants"]


def test_every_golden_file_has_its_result() -> None:
    files = {path.stem for path in GOLDEN.iterdir() if path.suffix != ".json"}
    assert files == {path.stem for path in GOLDEN.glob("*.json")}
