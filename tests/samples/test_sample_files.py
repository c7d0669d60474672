"""What stands in the files, and that the truth file says so."""

import re
from collections import Counter

import pytest
from Bio import Entrez

from livingsearch.samples.build import build
from livingsearch.samples.works import read_works

WAVES = ("base", "update")
RIS_SOURCES = ("medline-ovid", "embase-ovid", "psycinfo-ovid", "cinahl-ebsco")


def accessions(text, wave, source):
    """Accession numbers in the order of the file, by plain reading."""
    pattern = r"<PMID Version=\"1\">(\d+)<" if source == "pubmed" else r"^ID  - (\S+)\r?$"
    return re.findall(pattern, text(wave, source), re.MULTILINE)


def keys(text, wave, source):
    seen = Counter()
    found = []
    for accession in accessions(text, wave, source):
        seen[accession] += 1
        found.append((source, accession, str(seen[accession])))
    return found


def values(record, tag):
    return [value for name, value in record if name == tag]


def test_the_script_gives_the_committed_bytes(data):
    files = build(read_works(data))
    committed = {
        path.relative_to(data / "samples").as_posix(): path.read_bytes()
        for path in (data / "samples").rglob("*")
        if path.is_file()
    }
    assert files == committed


def test_no_file_is_large(data):
    assert max(path.stat().st_size for path in data.rglob("*") if path.is_file()) < 1_000_000


def test_truth_and_files_hold_the_same_records(text, table):
    truth = [(row["source"], row["accession"], row["occurrence"]) for row in table("samples/truth.csv")]
    in_files = {key for wave in WAVES for source in ("pubmed", *RIS_SOURCES) for key in keys(text, wave, source)}
    assert len(truth) == len(set(truth))
    assert set(truth) == in_files


@pytest.mark.parametrize("wave", WAVES)
def test_counts_are_those_of_a_plain_reading(wave, text, table):
    counts = {row["source"]: row for row in table("samples/counts.csv") if row["wave"] == wave}
    matches = {(row["source"], row["accession"]): int(row["matches"]) for row in table("samples/truth.csv")}
    for source in RIS_SOURCES:
        starts = len(re.findall(r"^TY  - ", text(wave, source), re.MULTILINE))
        assert int(counts[source]["records"]) == starts == len(accessions(text, wave, source))
    assert int(counts["pubmed"]["records"]) == text(wave, "pubmed").count("<PubmedArticle>")
    for source, row in counts.items():
        found = sum(matches[source, accession] for accession in accessions(text, wave, source))
        assert int(row["matches"]) == found


@pytest.mark.parametrize("wave", WAVES)
def test_biopython_reads_pubmed_with_validation(wave, data, text):
    with (data / "samples" / wave / "pubmed.xml").open("rb") as file:
        articles = Entrez.read(file)["PubmedArticle"]
    assert [str(article["MedlineCitation"]["PMID"]) for article in articles] == accessions(text, wave, "pubmed")


def test_truth_tells_what_the_search_finds_in_pubmed(data, table):
    truth = {row["accession"]: row["matches"] for row in table("samples/truth.csv") if row["source"] == "pubmed"}
    with (data / "samples" / "update" / "pubmed.xml").open("rb") as file:
        articles = Entrez.read(file)["PubmedArticle"]
    for article in articles:
        citation = article["MedlineCitation"]
        words = [str(citation["Article"]["ArticleTitle"]), *(str(k) for ks in citation["KeywordList"] for k in ks)]
        assert truth[str(citation["PMID"])] == str(int(finds("\n".join(words))))
    assert set(truth.values()) == {"0", "1"}


def finds(words):
    """The documented search, written apart from the code under test."""
    words = words.lower()
    first = re.search(r"\bpeer\w*|\bexpert by experience\w*|\bexpert patient\w*", words)
    second = re.search(r"\bpersonality disorder\w*|\bcomplex emotional needs\w*", words)
    return bool(first and second)


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("source", RIS_SOURCES)
def test_exports_hold_only_what_the_search_finds(wave, source, records):
    assert all(finds("\n".join(values(r, "T1") + values(r, "KW"))) for r in records(wave, source))


def test_every_included_study_is_found(table):
    references = table("references.csv")
    included = {row["work"] for row in table("works.csv") if references[int(row["reference"]) - 1]["included"] == "1"}
    found = {row["work"] for row in table("samples/truth.csv") if row["matches"] == "1"}
    assert len(included) == 13
    assert included <= found


def test_every_reference_is_one_work(table):
    works = table("works.csv")
    assert [int(row["reference"]) for row in works] == list(range(1, 133))
    twice = {work for work, times in Counter(row["work"] for row in works).items() if times == 2}
    assert (len({row["work"] for row in works}), len(twice)) == (129, 3)


def test_each_source_finds_what_no_other_finds(table):
    sources = {}
    for row in table("samples/truth.csv"):
        if row["matches"] == "1":
            sources.setdefault(row["work"], set()).add(row["source"])
    alone = {next(iter(found)) for found in sources.values() if len(found) == 1}
    assert alone == {"pubmed", *RIS_SOURCES}


@pytest.mark.parametrize("wave", WAVES)
def test_no_abstract_anywhere(wave, text):
    for source in ("pubmed", *RIS_SOURCES):
        assert not re.search(r"^(AB|N2)  - |<Abstract|<OtherAbstract", text(wave, source), re.MULTILINE)
