"""Records that are made up when they are asked for."""

from datetime import date

import pytest
from defusedxml.ElementTree import fromstring

from connectors.pubmed import read_articles
from livingsearch.standin.evaluation import answer
from livingsearch.standin.generated import STEP, GeneratedIndex, generated_record
from livingsearch.standin.replies import article_set


@pytest.mark.parametrize("size", [4_400, 5_000, 20_000])
def test_a_record_has_the_size_asked_for_and_is_always_the_same(size: int) -> None:
    for pmid in (STEP, STEP * 77, STEP * 120_000):
        xml = generated_record(pmid, size)
        assert size - 40 < len(xml) <= size
        assert xml == generated_record(pmid, size)
        assert fromstring(xml).findtext("MedlineCitation/PMID") == str(pmid)
    assert len(generated_record(STEP, 0)) < 4_400


def test_records_can_be_read_without_a_warning() -> None:
    pmids = range(STEP, STEP * 201, STEP)
    read = read_articles(article_set(generated_record(pmid, 5_000) for pmid in pmids).body)
    assert [record.pmid for _, record in read.records] == [str(pmid) for pmid in pmids]
    assert read.warnings == ()
    assert len({record.title for _, record in read.records}) == 200
    assert all(r.authors and r.year and r.doi and r.abstract and r.journal for _, r in read.records)


def test_only_pmids_tell_them_apart() -> None:
    index = GeneratedIndex(10, 300, step=100)
    assert index.pmids == tuple(range(100, 1_001, 100)) == tuple(index.records)
    assert len(index.records) == 10
    assert 100 in index.records
    assert not any(pmid in index.records for pmid in (0, 50, 1_100, -100, "100"))
    with pytest.raises(KeyError):
        index.records[150]
    everything = set(index.pmids)
    assert index.term(("a",), True, ("title",)) == index.near(("a", "b"), 2, ("title",)) == everything
    assert index.dated("date_create", date(2020, 1, 1), None) == everything
    assert index.term((), False, ()) == set()


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (None, None, 10),
        (1, 99, 0),
        (1, 100, 1),
        (100, 100, 1),
        (101, 199, 0),
        (101, 200, 1),
        (901, None, 1),
        (1_001, 9_999, 0),
        (500, 400, 0),
    ],
)
def test_ranges_of_pmids(first: int | None, last: int | None, found: int) -> None:
    assert len(GeneratedIndex(10, 300, step=100).numbered(first, last)) == found


def test_a_query_goes_through_the_usual_reading() -> None:
    index = GeneratedIndex(10, 300, step=100)
    found = answer('(peer*[tiab] OR "x y"[ti]) AND 300:600[UID]', index)
    assert found.pmids == (600, 500, 400, 300)
    assert found.reading.quoted_not_found == ()
