"""Archives: what is taken out of them, and which are refused before they do harm."""

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pytest

from connectors.errors import ContainerRefused
from connectors.exports import open_export
from connectors.exports.containers import Limits, parts_of, zip_sizes

RIS = b"TY  - JOUR\nTI  - Tea\nER  - \n"
SMALL = Limits(most_bytes=40_000_000, most_ratio=50, most_members=4)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def parts(content: bytes, limits: Limits = SMALL) -> list[tuple[str, bytes]]:
    return [(part.name, part.file.read()) for part in parts_of(io.BytesIO(content), "a.zip", limits)]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (RIS, [("a.zip", RIS)]),
        (b"", [("a.zip", b"")]),
        (gzip.compress(RIS), [("a.zip", RIS)]),
        (gzip.compress(RIS[:9]) + gzip.compress(RIS[9:]), [("a.zip", RIS)]),
        (
            zipped(("wos/1.ris", RIS), ("wos/", b""), ("../../2.ris", b"x")),
            [("a.zip: 1.ris", RIS), ("a.zip: 2.ris", b"x")],
        ),
        (zipped(("__MACOSX/._a", b"x"), (".DS_Store", b"x"), ("a.ris", RIS)), [("a.zip: a.ris", RIS)]),
        (zipped(("b.zip", zipped(("c.ris", RIS)))), [("a.zip: b.zip: c.ris", RIS)]),
        (zipped(("b.gz", gzip.compress(RIS))), [("a.zip: b.gz", RIS)]),
        (zipped(("a.ris", RIS), method=zipfile.ZIP_LZMA), [("a.zip: a.ris", RIS)]),
    ],
    ids=["plain", "empty", "gzip", "gzip in two", "zip", "system files", "zip in zip", "gzip in zip", "lzma"],
)
def test_taken(content: bytes, found: list[tuple[str, bytes]]) -> None:
    assert parts(content) == found


def test_workbooks_are_no_containers() -> None:
    book = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>"))
    assert parts(book) == [("a.zip", book)]


def encrypted() -> bytes:
    content = bytearray(zipped(("secret.ris", RIS)))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(mark) + at
        content[place] |= 1
    return bytes(content)


def damaged() -> bytes:
    return zipped(("a.ris", RIS), ("b.ris", RIS * 99), method=zipfile.ZIP_STORED).replace(b"Tea\nER", b"Pea\nER", 2)


DEEP = zipped(("b.zip", zipped(("c.zip", zipped(("d.ris", RIS))))))
BOMB = zipped(("bomb.ris", bytes(30_000_000)))


REFUSED = [
    (encrypted(), "a.zip: secret.ris is protected by a password"),
    (damaged(), "a.zip: a.ris is a damaged archive"),
    (zipped(("a.ris", RIS))[:-10], "a.zip is a damaged archive"),
    (gzip.compress(RIS)[:-6], "a.zip is a damaged archive"),
    (gzip.compress(RIS) + b"rubbish", "a.zip is a damaged archive"),
    (b"PK\x03\x04 is no archive", "a.zip is a damaged archive"),
    (DEEP, "a.zip: b.zip: c.zip is an archive in an archive in an archive"),
    (gzip.compress(gzip.compress(gzip.compress(RIS))), "a.zip is an archive in an archive in an archive"),
    (BOMB, "a.zip: bomb.ris unpacks to more than 50 times its size"),
    (gzip.compress(bytes(30_000_000)), "a.zip unpacks to more than 50 times its size"),
    (zipped(("in.zip", BOMB)), "a.zip: in.zip: bomb.ris unpacks to more than 50 times"),
    (zipped(*((f"{n}.ris", RIS) for n in range(5))), "a.zip holds more than 4 files"),
    (zipped(("in.zip", zipped(*((f"{n}.ris", RIS) for n in range(4))))), "a.zip: in.zip holds more than 4 files"),
    (zipped(), "a.zip is an archive without a file"),
    (zipped((".DS_Store", b"x")), "a.zip is an archive without a file"),
]


@pytest.mark.parametrize(("content", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refused(content: bytes, words: str) -> None:
    with pytest.raises(ContainerRefused) as refusal:
        parts(content)
    assert str(refusal.value).startswith(words)
    assert str(refusal.value).endswith(".")


def test_bytes_are_counted_over_all_members() -> None:
    content = zipped(("a.ris", RIS * 20), ("b.ris", RIS * 20))
    with pytest.raises(ContainerRefused, match=r"b\.ris unpacks to more than 0 MB"):
        parts(content, Limits(most_bytes=len(RIS) * 30))


def test_a_lie_about_the_size_brings_no_more_than_was_declared() -> None:
    content = bytearray(zipped(("a.ris", bytes(20_000_000))))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(mark) + at
        content[place : place + 4] = struct.pack("<I", 100)
    with pytest.raises(ContainerRefused, match="damaged"):
        parts(bytes(content))


def test_a_list_of_members_beyond_measure() -> None:
    content = bytearray(zipped(("a.ris", RIS)) + bytes(5_000_000))
    end = content.index(b"PK\x05\x06")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 4_000_000, end + 500_000, 0)
    with pytest.raises(ContainerRefused, match="damaged"):
        parts(bytes(content) + tail)


@pytest.mark.parametrize("content", [encrypted(), zipped(("a", b""))[:-9], BOMB], ids=["encrypted", "cut", "bomb"])
def test_sizes_are_checked_before_a_library_opens_it(content: bytes) -> None:
    with pytest.raises(ContainerRefused):
        zip_sizes(io.BytesIO(content), "book.xlsx", SMALL)
    assert zip_sizes(io.BytesIO(zipped(("a", RIS))), "book.xlsx", SMALL) == {"a": len(RIS)}


def test_every_damage_is_told_as_such() -> None:
    for content in (zipped(("a.ris", RIS), ("b.ris", RIS)), gzip.compress(RIS)):
        for at in range(len(content)):
            for byte in (0, 255, content[at] ^ 0x40):
                broken = content[:at] + bytes([byte]) + content[at + 1 :]
                try:
                    parts(broken)
                except ContainerRefused:
                    continue


def test_several_exports_in_one_archive_are_several_files() -> None:
    golden = Path(__file__).parent / "golden"
    names = ("wos_ciw_wrapped_lines.ciw", "scopus_csv.csv", "pubmed_medline_text.nbib")
    packed = zipped(
        *((name, (golden / name).read_bytes()) for name in names),
        ("pubmed.xml.gz", gzip.compress((golden / "pubmed_xml_articles_and_a_book.xml").read_bytes())),
    )
    found = []
    for part in parts_of(io.BytesIO(packed), "march.zip"):
        export = open_export(part.file, part.name)
        assert sum(chunk.tally.records for chunk in export.chunks()) == export.record_starts
        found.append((export.name, export.format, export.record_starts))
    assert found == [
        ("march.zip: wos_ciw_wrapped_lines.ciw", "wos", 2),
        ("march.zip: scopus_csv.csv", "csv", 2),
        ("march.zip: pubmed_medline_text.nbib", "nbib", found[2][2]),
        ("march.zip: pubmed.xml.gz", "pubmed-xml", 3),
    ]
