"""Whatever the bytes: a file is read whole or refused, and no line of text gets lost."""

import json
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import FileRefused
from connectors.exports import read_export
from connectors.record import ReadFile, received_table

GOLDEN = [
    path.read_bytes()
    for path in sorted((Path(__file__).parent / "golden").iterdir())
    if path.suffix in {".ris", ".nbib"}
]
LINES = [line for content in GOLDEN for line in content.splitlines(keepends=True)]
NASTY = [
    b"\x00",
    b"\xef\xbb\xbf",
    b"\x1a",
    b"\r",
    b"\n",
    b"\x0b",
    b"\xe2\x80\xa8",
    b"\xff",
    b"TY  - ",
    b"ER  - x",
    b"    ",
]
UNSEEN = re.compile(r"[\s\ufeff\u200b\x00\x1a]+")
NO_TEXT = re.compile(r"(?:\d{1,9}\.)?(?:ER-?)?")


def read_or_refused(content: bytes) -> ReadFile | None:
    try:
        read = read_export(content, "a.ris")
    except FileRefused as refusal:
        assert str(refusal).isprintable() and str(refusal).endswith(".")
        return None
    assert len(read.records) == read.record_starts > 0
    received_table(read.records)
    return read


def squeezed(text: str) -> str:
    return UNSEEN.sub("", text)


def assert_nothing_lost(content: bytes, read: ReadFile) -> None:
    pairs = [pair for raw, _ in read.records for pair in json.loads(raw.payload)]
    kept = squeezed("".join(f"{tag}-{value}" for tag, value in pairs) + "\n".join(part.text for part in read.remnants))
    for line in re.split(r"[\r\n]", content.decode(read.encoding)):
        text = squeezed(line)
        text = re.sub(r"^\d{1,9}\.(?=TY-)", "", text)
        # What follows ER on its line is kept without the tag.
        text = text.removeprefix("ER-") if text not in kept else text
        assert NO_TEXT.fullmatch(text) or text in kept, line


@given(st.binary(max_size=2000))
def test_any_bytes(content: bytes) -> None:
    read_or_refused(content)


@given(st.text(max_size=300), st.sampled_from(["TY  - JOUR\n", "PMID- 1\n", "1. \nTY  - JOUR\nAU  - "]))
def test_any_text_in_a_record(text: str, start: str) -> None:
    content = (start + text).encode("utf-8", "replace")
    read = read_or_refused(content)
    if read is not None and read.encoding in {"utf-8", "utf-8-sig"}:
        assert_nothing_lost(content, read)


@given(st.lists(st.sampled_from(LINES), max_size=60))
@settings(deadline=None)
def test_shuffled_lines(lines: list[bytes]) -> None:
    content = b"".join(lines)
    read = read_or_refused(content)
    if read is not None:
        assert_nothing_lost(content, read)


@given(st.sampled_from(GOLDEN), st.data())
@settings(deadline=None)
def test_mutated_files(content: bytes, data: st.DataObject) -> None:
    cut = content[: data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(cut)))
        cut = cut[:at] + data.draw(st.sampled_from(NASTY)) + cut[at:]
    read = read_or_refused(cut)
    if read is not None and read.encoding in {"utf-8", "utf-8-sig"} and b"\xff" not in cut:
        assert_nothing_lost(cut, read)


@given(st.sampled_from(["DO", "AU", "SP", "AB", "N1", "UR", "DB", "SN", "KW", "TI"]), st.text("&#;0123456789<(). ,-/A"))
def test_any_value_of_a_field(tag: str, value: str) -> None:
    assert read_or_refused(f"TY  - JOUR\nDP  - EBSCOhost\n{tag}  - {value}\nER  - \n".encode()) is not None


def test_endless_numbers() -> None:
    digits = "9" * 6000
    text = f"TY  - {digits}\n" + "".join(
        f"{tag}  - {lead}{digits};\n"
        for tag in ("TI", "SP", "EP", "PY", "DO", "AN", "C5")
        for lead in ("", "&#", "10.")
    )
    assert read_or_refused(text.encode()) is not None
