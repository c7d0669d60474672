"""Every encoding that exports come in, and what is said of a guess."""

import pytest

from connectors.exports import read_export

TEXT = "TY  - JOUR\nTI  - Größe über alles – “Žluťoučký”\nER  - \n"
WESTERN = "TY  - JOUR\nTI  - Größe – “Tee”\nER  - \n"
LATIN = "TY  - JOUR\nTI  - Gr\xf6\xdfe \x81\nER  - \n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"],
)
def test_told_by_the_file(content: bytes, encoding: str) -> None:
    read = read_export(content, "a.ris")
    assert read.encoding == encoding
    assert read.records[0][1].title == "Größe über alles – “Žluťoučký”"
    assert not any("encoding" in warning for warning in read.warnings)


@pytest.mark.parametrize(
    ("content", "encoding", "title"),
    [
        (WESTERN.encode("cp1252"), "cp1252", "Größe – “Tee”"),
        (LATIN.encode("latin-1"), "latin-1", "Größe"),
        (TEXT.encode("utf-16-le"), "utf-16-le", "Größe über alles – “Žluťoučký”"),
        (TEXT.encode("utf-16-be"), "utf-16-be", "Größe über alles – “Žluťoučký”"),
    ],
    ids=["cp1252", "latin-1", "utf-16-le", "utf-16-be"],
)
def test_guessed(content: bytes, encoding: str, title: str) -> None:
    read = read_export(content, "a.ris")
    assert read.encoding == encoding
    assert read.records[0][1].title == title
    assert f"The encoding was guessed as {encoding}; check the accents." in read.warnings


def test_one_bad_byte_does_not_spoil_the_accents() -> None:
    read = read_export(TEXT.encode("utf-8").replace(b"alles", b"all\x92es"), "a.ris")
    assert read.encoding == "utf-8"
    assert read.records[0][1].title == "Größe über all’es – “Žluťoučký”"
    assert any(warning.startswith("1 bytes of the file are not UTF-8") for warning in read.warnings)


def test_bytes_after_a_mark_that_are_not_utf_8() -> None:
    read = read_export(b"\xef\xbb\xbf" + WESTERN.encode("cp1252"), "a.ris")
    assert read.encoding == "cp1252"
    assert read.record_starts == 1
