"""What is known of a file once it was read."""

import io

from connectors.exports import PLATFORMS, Summary, open_export
from connectors.exports.limits import LIMITS

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


def test_titles_in_capitals_are_said() -> None:
    shouted = RECORD.format(1, 2019, "English", 7).replace("Tea", "TEA")
    said = [
        [w for w in summary(shouted * loud + RECORD.format(2, 2019, "English", 8) * quiet).warnings if "capital" in w]
        for loud, quiet in ((3, 0), (2, 2), (1, 2), (1, 0))
    ]
    assert said == [["All titles are in capital letters."], ["2 titles are in capital letters."], [], []]


def test_as_many_records_as_a_platform_hands_out_at_once_are_said() -> None:
    text = "".join(RECORD.format(n, 2020, "English", n) for n in range(2001))
    exactly = text[: text.rindex("TY  - ")]
    (said,) = [w for w in summary(exactly).warnings if "exactly" in w]
    assert said.startswith("The file holds exactly 2,000 records, and scopus may hand out no more at once")
    assert not [w for w in summary(text).warnings if "exactly" in w]


def test_every_limit_is_of_a_known_platform_and_says_where_it_is_from() -> None:
    assert set(LIMITS) <= set(PLATFORMS)
    assert all(records >= 500 and source for limits in LIMITS.values() for records, source in limits.items())
