"""Who wrote a file, the names people give platforms, and what is said about both."""

from pathlib import Path

import pytest

from connectors.exports import read_export
from connectors.exports.authors import names_of
from connectors.exports.platforms import PLATFORMS, platform_named
from connectors.exports.profiles import PROFILES


def ris(*lines: str) -> bytes:
    return ("TY  - JOUR\n" + "\n".join(lines) + "\nER  - \n").encode("utf-8")


EBSCO = ris("TI  - Tea", "L3  - 10.5555/tea", "N1  - Accession Number: 77; Okafor", "DP  - EBSCOhost", "DB  - xyz")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Ovid", "ovid"),
        ("EBSCOhost", "ebsco"),
        ("Web of Science", "wos"),
        ("Embase.com", "embase.com"),
        ("APA PsycNet", "psycnet"),
        ("Cochrane Library", "cochrane"),
        ("ProQuest", "proquest"),
        ("IEEE Xplore", "ieee"),
        ("Lens.org", "lens"),
        ("Dimensions", "dimensions"),
        ("OpenAlex", "openalex"),
        ("Google Scholar", "googlescholar"),
        ("EPPI-Reviewer", "eppi"),
        ("My shelf", None),
        (None, None),
    ],
)
def test_names(said: str | None, name: str | None) -> None:
    assert platform_named(said) == name


def test_every_platform_that_can_be_named_has_its_profile() -> None:
    assert set(PLATFORMS) == set(PROFILES)
    assert all(platform_named(name) == name for name in PLATFORMS)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_can_be_declared(platform: str) -> None:
    read = read_export(ris("TI  - Tea", "DB  - Scopus"), "a.ris", platform=platform)
    # PubMed writes no RIS.
    assert read.platform == ("scopus" if platform == "pubmed" else platform)


def test_declared_platform_decides_and_a_contradiction_is_said() -> None:
    read = read_export(EBSCO, "a.ris", platform="Scopus")
    assert read.platform == "scopus"
    assert read.records[0][1].accession is None
    assert "The file was declared as an export of scopus, but its records look like those of ebsco." in read.warnings


def test_unknown_declaration_leaves_it_to_the_file() -> None:
    read = read_export(EBSCO, "a.ris", platform="My shelf")
    assert (read.platform, read.records[0][1].accession, read.records[0][1].database) == ("ebsco", "77", "xyz")
    assert any("“My shelf”" in warning for warning in read.warnings)


def test_two_platforms_in_one_file_are_read_each_in_its_way() -> None:
    scopus = ris("TI  - Milk", "UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-1", "DB  - Scopus")
    read = read_export(EBSCO + scopus, "a.ris")
    assert [record.accession for _, record in read.records] == ["77", "2-s2.0-1"]
    assert [record.database for _, record in read.records] == ["xyz", "Scopus"]


def test_manager_is_named() -> None:
    read = read_export(ris("TI  - Tea", "DA  - 2024///", "DB  - Embase"), "a.ris")
    assert read.platform == "zotero"
    assert any(warning.startswith("The file was written by zotero") for warning in read.warnings)


def test_declared_platform_does_not_undo_a_manager() -> None:
    golden = Path(__file__).parent / "golden" / "endnote_fields_over_many_lines.ris"
    read = read_export(golden.read_bytes(), "a.ris", platform="Ovid")
    assert (read.platform, read.records[0][1].accession) == ("endnote", "21000002")
    assert "The file was declared as an export of ovid, but its records look like those of endnote." in read.warnings


def test_nothing_tells() -> None:
    read = read_export(ris("TI  - Tea"), "a.ris")
    assert read.platform is None
    assert any(warning.startswith("Nothing in the file tells") for warning in read.warnings)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Barr K.R.", ("Barr, K.R.",)),
        ("van den Berg J.-P.", ("van den Berg, J.-P.",)),
        ("K. R. Barr", ("Barr, K. R.",)),
        ("Barr KR", ("Barr, KR",)),
        ("Barr, Karen R", ("Barr, Karen R",)),
        ("Smith J, Jones KL and Doe P", ("Smith, J", "Jones, KL", "Doe, P")),
        ("Smith, J., Jones, K. L.", ("Smith, J.", "Jones, K. L.")),
        ("Smith, John; Jones, Kim", ("Smith, John", "Jones, Kim")),
        ("Smith, J.", ("Smith, J.",)),
        ("Higuera-Cetina Carlos Iván", ("Higuera-Cetina Carlos Iván",)),
        ("World Health Organization", ("World Health Organization",)),
        ("Heart Study Group UK", ("Heart Study Group UK",)),
        ("Ministry of Health, Labour and Welfare", ("Ministry of Health, Labour and Welfare",)),
        ("Anonymous", ()),
        ("No authorship indicated", ()),
    ],
)
def test_authors(written: str, names: tuple[str, ...]) -> None:
    assert names_of([written]) == names
