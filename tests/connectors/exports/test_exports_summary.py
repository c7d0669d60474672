"""What is known of a file once it was read."""

import io

from connectors.exports import Summary, open_export

RECORD = (
    "TY  - JOUR\nTI  - Tea {0}\nAU  - Okafor, N\nPY  - {1}\nLA  - {2}\nDB  - Scopus\n"
    "UR  - scopus.com?eid=2-s2.0-{3}\nER  - \n"
)


def summary(text: str, platform: str | None = None) -> Summary:
    export = open_export(io.BytesIO(text.encode()), "folder/a.ris", platform)
    for _ in export.chunks():
        pass
    return export.summary()


def test_counts() -> None:
    text = (
        RECORD.format(1, 2019, "English", 7) + RECORD.format(2, 1987, "German", 8) + RECORD.format(3, "", "English", 7)
    )
    found = summary("Header\n" + text)
    assert (found.name, found.format, found.platform, found.encoding) == ("a.ris", "ris", "scopus", "utf-8")
    assert (found.records, found.record_starts, found.outside) == (3, 3, 1)
    assert found.years == (1987, 2019)
    assert dict(found.languages) == {"English": 2, "German": 1}
    assert list(found.languages) == ["English", "German"]
    assert dict(found.databases) == {"Scopus": 3}
    assert {name: found.filled[name] for name in ("title", "authors", "year", "accession")} == {
        "title": 3,
        "authors": 3,
        "year": 2,
        "accession": 3,
    }
    assert "doi" not in found.filled
    assert "1 record came with an accession number that the file had before." in found.warnings


def test_repeated_accession_numbers_are_counted_over_all_chunks() -> None:
    text = "".join(RECORD.format(n, 2020, "English", n % 2000) for n in range(4500))
    assert "2500 records came with an accession number that the file had before." in summary(text).warnings


def test_a_file_can_be_read_twice() -> None:
    export = open_export(io.BytesIO(RECORD.format(1, 2019, "English", 7).encode()), "a.ris")
    first = [chunk.table for chunk in export.chunks()]
    before = export.summary()
    assert [chunk.table for chunk in export.chunks()] == first
    assert export.summary() == before
