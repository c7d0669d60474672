"""Files that are refused, with a sentence that says why and what to do."""

import pytest

from connectors.errors import FileEmpty, FormatUnknown, RecordsLost
from connectors.exports import read_export

RIS = "TY  - JOUR\nTI  - Tea\nER  - \n"
NBIB = "PMID- 1\nTI  - Tea\n"

UNKNOWN = [
    ("psycinfo.ris", b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
    ("psycinfo.ris", b"\xef\xbb\xbf\n%PDF-1.4", "is a PDF"),
    ("book.xlsx", b"PK\x03\x04....xl/workbook.xml", "Excel workbook"),
    ("text.docx", b"PK\x03\x04....word/document.xml", "Word document"),
    ("all.zip", b"PK\x03\x04....ovid.ris", "unpack it"),
    ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "old Excel or Word"),
    ("a.ris.gz", b"\x1f\x8b\x08\x00", "compressed archive"),
    ("note.rtf", b"{\\rtf1\\ansi TY  - JOUR}", "rich text"),
    ("page.ris", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    ("page.ris", b"\r\n <html><pre>\nTY  - JOUR\nER  - \n</pre>", "web page"),
    ("ovid.txt", b"<1>\nAccession Number\n  123\nTitle\n  Tea\n", "Ovid's plain text format"),
    ("ovid.txt", b"<1. >\nTitle\n  Tea\n<2.>\n", "Ovid's plain text format"),
    ("set.xml", b"<MedlineCitationSet><MedlineCitation/></MedlineCitationSet>", "not an export"),
    ("page.xml", b'<?xml version="1.0"?><feed><record/></feed>', "XML of another kind"),
    ("a.ris.bz2", b"BZh91AY&SY", "compressed archive"),
    ("lib.enw", b"%A Okafor, N\n%T Tea\n\n%A Weber\n%T Milk\n", "without the %0 lines"),
    ("lib.json", b'[{"title": "Tea"}]', "JSON"),
    ("lib.json", b'[\n {"title": "Tea", "doi": "10.5555/tea", "abstract": "To brew", "authors": []}\n]', "JSON"),
    ("lib.csv", b'Title,Authors,Year,DOI\n"Tea",Okafor,2020,\n', "a table"),
    ("untyped.ris", b"AU  - Okafor, N\nTI  - Tea\nER  - \n\nAU  - Weber, K\nER  - \n", "not one TY line"),
    ("tea.txt", b"Tea is a drink.\nIt is hot.\n", "is not an export"),
    ("noise.ris", bytes(range(256)) * 4 + bytes(60), "binary"),
    ("cut.ris", b"\xff\xfe" + RIS.encode("utf-16-le")[:-1], "UTF-16"),
]


@pytest.mark.parametrize(("name", "content", "words"), UNKNOWN, ids=lambda value: str(value)[:24])
def test_format_unknown(name: str, content: bytes, words: str) -> None:
    with pytest.raises(FormatUnknown) as refusal:
        read_export(content, name)
    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} ")
    assert words in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe\r\x00\n\x00", b"\x00\x00"])
def test_empty(content: bytes) -> None:
    with pytest.raises(FileEmpty, match="is empty"):
        read_export(content, "nothing.ris")


def test_record_without_ty_among_others() -> None:
    text = RIS + "AU  - Weber, K\nTI  - Bread\nER  - \n" + RIS
    with pytest.raises(RecordsLost, match="ends 3 records but begins only 2"):
        read_export(text.encode(), "mixed.ris")


def test_repeated_er_is_no_record() -> None:
    assert read_export((RIS + "ER  - \n\n" + RIS).encode(), "a.ris").record_starts == 2


@pytest.mark.parametrize("text", [RIS + NBIB, NBIB + RIS])
def test_two_formats_in_one_file(text: str) -> None:
    with pytest.raises(RecordsLost, match="one format and 1 of another"):
        read_export(text.encode(), "mixed.txt")


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\exports\\a.ris", "a\x1b[2J\n.ris", "x" * 5000, ""])
def test_names_are_shown_harmlessly(name: str) -> None:
    with pytest.raises(FormatUnknown) as refusal:
        read_export(b"Tea", name)
    sentence = str(refusal.value)
    assert sentence.isprintable()
    assert "/" not in sentence and "\\" not in sentence
    assert len(sentence) < 300
