"""The searches of the example review held against the samples, whose truth was written by a program of its own."""

import csv

import pyarrow as pa
import pytest
from living import EXPORTS, REVIEW_FILE, SAMPLES, truth

from connectors.exports import read_export
from connectors.pubmed.articles import read_articles
from connectors.record import RECORD_SCHEMA
from livingsearch.review import read_review
from livingsearch.services.given_searches import search_named
from livingsearch.strategy.evaluate import concepts_of, matches
from livingsearch.strategy.normal import with_fields
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.tree import Node

SOURCES = ("pubmed", *EXPORTS)


def records_of(source: str, wave: str) -> pa.Table:
    path = SAMPLES / wave / EXPORTS.get(source, "pubmed.xml")
    body = path.read_bytes()
    read = read_articles(body) if source == "pubmed" else read_export(body, path.name)
    rows = [{name: getattr(record, name) for name in RECORD_SCHEMA.names} for _, record in read.records]
    return pa.Table.from_pylist(rows, schema=RECORD_SCHEMA)


def tree_of(source: str | None) -> Node:
    given = search_named(read_review(REVIEW_FILE), source)
    tree = read_search(given.text, given.readable).tree
    return with_fields(tree, given.default_fields) if given.default_fields else tree


@pytest.mark.parametrize("wave", ["base", "update"])
@pytest.mark.parametrize("source", SOURCES)
def test_the_documented_search_finds_what_the_truth_says(source: str, wave: str) -> None:
    records = records_of(source, wave)
    found = matches(tree_of(None), records).to_pylist()
    said = {
        row["accession"]: row["matches"] == "1"
        for row in truth()
        if row["source"] == source and row["occurrence"] == "1"
    }
    expected = [said[accession] for accession in records["accession"].to_pylist()]
    first = {accession: at for at, accession in reversed(list(enumerate(records["accession"].to_pylist())))}
    assert [found[at] for at in first.values()] == [expected[at] for at in first.values()]
    with (SAMPLES / "counts.csv").open(newline="", encoding="utf-8") as file:
        (declared,) = [r for r in csv.DictReader(file) if (r["wave"], r["source"]) == (wave, source)]
    assert sum(expected) == int(declared["matches"])


@pytest.mark.parametrize("source", ["pubmed", "medline-ovid", "embase-ovid", "psycinfo-ovid"])
def test_the_query_of_a_source_finds_what_the_documented_search_finds(source: str) -> None:
    records = records_of(source, "update")
    assert matches(tree_of(source), records) == matches(tree_of(None), records)


def test_a_query_without_keywords_finds_less() -> None:
    records = records_of("cinahl-ebsco", "update")
    found, documented = (matches(tree_of(source), records).to_pylist() for source in ("cinahl-ebsco", None))
    assert 0 < sum(found) < sum(documented)
    assert all(theirs for ours, theirs in zip(found, documented, strict=True) if ours)


@pytest.mark.parametrize("source", [None, *SOURCES])
def test_every_search_of_the_review_has_its_two_concepts(source: str | None) -> None:
    given = search_named(read_review(REVIEW_FILE), source)
    concepts = concepts_of(tree_of(source), text=given.text, declared=given.concepts)
    assert [concept.label for concept in concepts] == ["concept 1 (Peer support)", "concept 2 (Personality disorder)"]
