"""Which report a returned reference is, and that doubt never decides."""

import random
from dataclasses import replace

import pytest

from livingsearch.errors import IdentityBroken
from livingsearch.exports.back import Batch, HandedOut, Reference, joined, match
from livingsearch.exports.back.decisions import Screened
from livingsearch.exports.back.match import Found, NotFound
from livingsearch.exports.back.titles import may_be_same, normal_title, same_first_author, years_apart

ADDRESS = "https://reviews.example.org/x/reports/"
ONE = HandedOut("R000001", 1, "Peer support in prisons: a pilot trial", ("Barr, K. R.",), 2020, "10.1/a", "11")
TWO = HandedOut("R000002", 1, "Lived experience of mothers with psychosis", ("Kokanović, R.",), 2018, "10.1/b", "12")
PART_1 = HandedOut("R000003", 2, "Training of peer workers in Norway. Part I", ("Moe, C.",), 2019)
PART_2 = HandedOut("R000004", 2, "Training of peer workers in Norway. Part II", ("Moe, C.",), 2019)
TWIN_1 = HandedOut("R000005", 2, "Abstracts of the congress on recovery", (), 2021, "10.1/supplement")
TWIN_2 = HandedOut("R000006", 2, "Recovery and housing in Milan", ("Rossi, M.",), 2021, "10.1/supplement")
BARE = HandedOut("R000007", 2, "Editorial")
BATCH = Batch((ONE, TWO, PART_1, PART_2, TWIN_1, TWIN_2, BARE), ADDRESS, {"R000900": 3})


def reference(*fields: tuple[str, str], of: HandedOut | None = None, **known: object) -> Reference:
    empty = Reference(1, "ris", "{}", fields)
    if of is not None:
        empty = replace(empty, title=of.title, authors=of.authors, year=of.year, doi=of.doi, pmid=of.pmid)
    return replace(empty, **known)


def alone(one: Reference) -> Found | NotFound:
    return match([one], BATCH)[0]


@pytest.mark.parametrize(
    ("fields", "evidence"),
    [
        ((("UR", f"{ADDRESS}R000001"),), "id in address"),
        ((("url", f"see {ADDRESS.upper()}r000001, there"),), "id in address"),
        ((("UR", f"{ADDRESS}R000001 http://dx.doi.org/10.1/a"), ("N1", "recid:R000001")), "id in address and note"),
        ((("notes", "x | recid: R000001 | y"),), "id in note"),
        ((("recid", "R000001"),), "id in note"),
        ((("recid", "'R000001"),), "id in note"),
        ((("label", "R000001"),), "id in note"),
    ],
)
def test_by_id(fields: tuple[tuple[str, str], ...], evidence: str) -> None:
    assert alone(reference(*fields, of=ONE)) == Found(ONE, "id", evidence)


@pytest.mark.parametrize(
    "fields",
    [
        (("UR", f"{ADDRESS}R0000012"),),
        (("UR", "https://other.example/reports/R000001"),),
        (("N1", "possible duplicates: R000001; R000002"),),
        (("AB", "recid:R000001"),),
        (("Key", "R000001"),),
    ],
)
def test_what_is_no_id_of_ours(fields: tuple[tuple[str, str], ...]) -> None:
    assert isinstance(alone(reference(*fields, title="Of something else altogether")), NotFound)


def test_an_id_with_other_title_and_number_or_only_in_a_note_with_another_title_is_doubted() -> None:
    address, note = ("UR", f"{ADDRESS}R000001"), ("N1", "recid:R000001")
    assert alone(reference(address, of=TWO)) == NotFound(
        "it carries the id R000001 but title and number of another", ("R000001",)
    )
    assert isinstance(alone(reference(address, title="A title that a person wrote anew")), Found)
    assert alone(reference(note, title="Of something else altogether")) == NotFound(
        "it carries the id R000001 but its title is another", ("R000001",)
    )
    assert isinstance(alone(reference(note, title="Peer support in prisons")), NotFound), "too short to tell"
    assert isinstance(alone(reference(note, title="PEER SUPPORT IN PRISONS, A PILOT TRIAL.")), Found)
    assert isinstance(alone(reference(note)), Found)


def test_several_ids_in_one_reference_decide_nothing() -> None:
    merged = reference(("N1", "recid:R000001"), ("N1", "recid:R000002"), of=ONE)
    assert alone(merged) == NotFound("it carries the ids of several reports (R000001, R000002)", ("R000001", "R000002"))


def test_a_report_of_another_batch_is_named() -> None:
    assert alone(reference(("UR", f"{ADDRESS}R000900"))) == NotFound(
        "it is R000900, of the batch of update 3", ("R000900",)
    )


def test_by_doi_and_pmid() -> None:
    assert alone(reference(doi="10.1/A")) == Found(ONE, "doi", "same DOI")
    assert alone(reference(pmid="12", title="lived experience")) == Found(TWO, "pmid", "same PMID")
    assert alone(reference(doi="10.1/a", pmid="11")) == Found(ONE, "doi", "same DOI and same PMID")
    clash = alone(reference(doi="10.1/a", pmid="12"))
    assert clash == NotFound("its DOI and PMID name different reports (R000001, R000002)", ("R000001", "R000002"))
    shared = alone(reference(doi="10.1/supplement"))
    assert isinstance(shared, NotFound) and shared.candidates == ("R000005", "R000006")
    assert alone(reference(doi="10.1/a", title="Of something else altogether")) == NotFound(
        "it has the DOI of R000001 but another title", ("R000001",)
    )


@pytest.mark.parametrize(
    ("title", "authors", "year", "found"),
    [
        ("Peer-support in prisons: a pilot trial.", ("Barr K",), 2021, ONE),
        ("Peer support in prisns: a pilot trial", ("Barr KR",), None, ONE),
        ("Peer support in prisns: a pilot trial", ("Barr KR",), 2021, None),
        ("Peer support in prisons: a pilot trial", (), 2023, None),
        ("Peer support in prisons: a pilot trial", ("Smith, J.",), 2020, None),
        ("Peer support in prisons: a pilot trial", (), None, ONE),
        ("Peer support in prisns: a pilot trial", (), None, None),
        ("Erratum: Peer support in prisons: a pilot trial", ("Barr K",), 2020, None),
        ("Peer support in prisons: a pilot trial protocol", ("Barr K",), 2020, None),
        ("Training of peer workers in Norway. Part II", ("Moe C",), 2019, PART_2),
        ("Training of peer workers in Norway. Part III", ("Moe C",), 2019, None),
        ("Training of peer workers in Norway", ("Moe C",), 2019, None),
        ("Editorial", (), None, None),
        ("", ("Barr K",), 2020, None),
        (None, ("Barr K",), 2020, None),
        ("[Title not available]", (), None, None),
    ],
)
def test_by_title(title: str | None, authors: tuple[str, ...], year: int | None, found: HandedOut | None) -> None:
    result = alone(reference(title=title, authors=authors, year=year))
    assert (result.report if isinstance(result, Found) else None) == found
    if isinstance(result, NotFound):
        assert result.why


def test_two_reports_of_one_title_are_named_and_not_chosen_between() -> None:
    twins = Batch((ONE, replace(ONE, report_id="R000009", doi=None, pmid=None)), ADDRESS)
    (result,) = match([reference(title=ONE.title, authors=ONE.authors, year=2020)], twins)
    assert result == NotFound("its title fits several reports (R000001, R000009)", ("R000001", "R000009"))


def test_a_title_never_takes_what_an_identifier_has_given() -> None:
    by_id = reference(("UR", f"{ADDRESS}R000001"), of=ONE)
    by_title = replace(reference(title=ONE.title, authors=ONE.authors, year=2020), position=2)
    for order in ([by_id, by_title], [by_title, by_id]):
        results = {one.position: result for one, result in zip(order, match(order, BATCH), strict=True)}
        assert isinstance(results[1], Found)
        assert results[2] == NotFound("its title is that of R000001, which reference 1 is", ("R000001",))
    both = [by_title, replace(by_title, position=3)]
    assert match(both, BATCH) == [NotFound("references 2, 3 have the title of R000001", ("R000001",))] * 2


def result_of(references: list[Reference], said: list[Screened], update: int | None = None):  # type: ignore[no-untyped-def]
    return joined("f.ris", None, "ris", references, match(references, BATCH), said, BATCH, update)


def test_everything_is_accounted_for() -> None:
    references = [
        reference(("UR", f"{ADDRESS}R000001"), of=ONE, payload="first"),
        reference(doi="10.1/a", position=2, payload="again"),
        reference(title="Of something else altogether", position=3, payload="whole"),
    ]
    said = [Screened("included"), Screened("excluded"), Screened("maybe")]
    result = result_of(references, said)
    assert [one.report_id for one in result.matched] == ["R000001"]
    assert [(one.report_id, one.position) for one in result.repeated] == [("R000001", 2)]
    assert [(one.position, one.payload, one.decision) for one in result.unmatched] == [(3, "whole", "maybe")]
    assert (result.updates, result.released, [one.report_id for one in result.missing]) == ((1,), 2, ["R000002"])
    assert result.decisions == {"included": 1}
    assert result.remarks == (
        "R000001 stands there again, in reference 2, with another decision (excluded, not included).",
    )
    assert result_of(references, said, 1).missing == result.missing
    with pytest.raises(IdentityBroken, match="do not add up"):
        joined("f", None, "ris", references, match(references, BATCH), said, replace(BATCH, reports=()), None)


def test_titles_authors_years() -> None:
    assert normal_title("  Thé “Peer–Support”\u2003Worker: β2 ") == "the peer support worker β2"
    assert normal_title("[Title not available]") == normal_title(None) == ""
    assert may_be_same("peer support", "support peers")
    assert not may_be_same("trial 1", "trial 2")
    assert not may_be_same("reply peer support", "peer support")
    assert [years_apart(2020, y) for y in (2019, 2020, 2022, None)] == [1, 0, 2, None]
    names = [("Yang, Z.",), ("Yang Z",), ("YANG Z. K.",), ("Yang",), ("de Yang, Z",)]
    assert all(same_first_author(one, other) for one in names for other in names)
    assert same_first_author(("Brownstein C D",), ("Brownstein, Chase D.",))
    assert same_first_author(("Yang, Z.",), ("Zhang, Y.",)) is False
    assert same_first_author((), ("Yang, Z.",)) is None


def test_many_references_take_time_that_grows_with_their_number() -> None:
    """No title is held against every other: with 6,000 by 6,000 that would take minutes."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnop", k=7)) for _ in range(1_000)]
    reports = [HandedOut(f"R{n:06}", 1, " ".join(chance.sample(words, 9)), ("A, B.",), 2020) for n in range(1, 6_001)]
    references = [
        Reference(n, "ris", "", (), title=f"{report.title}.", authors=("A B",), year=2020)
        for n, report in enumerate(reports, 1)
    ]
    results = match(references, Batch(reports, ADDRESS))
    assert [r.report.report_id for r in results if isinstance(r, Found)] == [r.report_id for r in reports]
