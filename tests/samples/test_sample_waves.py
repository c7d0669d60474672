"""What differs between the waves, and nothing else does."""

import re

RIS_SOURCES = ("medline-ovid", "embase-ovid", "psycinfo-ovid", "cinahl-ebsco")


def values(record, tag):
    return [value for name, value in record if name == tag]


def by_accession(records, wave, source):
    """Records without the name of the database, in which the day of the export shows."""
    found = {}
    for record in records(wave, source):
        found.setdefault(values(record, "ID")[0], []).append([field for field in record if field[0] != "DB"])
    return found


def pubmed_by_pmid(text, wave):
    articles = re.findall(r"<PubmedArticle>.*?</PubmedArticle>", text(wave, "pubmed"))
    return {re.search(r"<PMID Version=\"1\">(\d+)<", article)[1]: article for article in articles}


def compare(base, update):
    changed = [accession for accession in base if accession in update and base[accession] != update[accession]]
    return changed, sorted(set(base) - set(update)), sorted(set(update) - set(base))


def test_two_records_change_and_one_vanishes(records, text):
    outcomes = {
        source: compare(by_accession(records, "base", source), by_accession(records, "update", source))
        for source in RIS_SOURCES
    }
    outcomes["pubmed"] = compare(pubmed_by_pmid(text, "base"), pubmed_by_pmid(text, "update"))
    assert {source: changed for source, (changed, _, _) in outcomes.items() if changed} == {
        "embase-ovid": ["2023900062"],
        "pubmed": ["90000119"],
    }
    assert {source: gone for source, (_, gone, _) in outcomes.items() if gone} == {"psycinfo-ovid": ["2016-90127-001"]}
    assert all(new for _, _, new in outcomes.values())


def test_the_changed_records_gain_issue_and_pages(records, text):
    before, after = (by_accession(records, wave, "embase-ovid")["2023900062"][0] for wave in ("base", "update"))
    assert not any(values(before, tag) for tag in ("VL", "IS", "SP", "EP"))
    assert all(values(after, tag) for tag in ("VL", "IS", "SP", "EP"))
    before, after = (pubmed_by_pmid(text, wave)["90000119"] for wave in ("base", "update"))
    assert "<Pagination>" not in before and "<Issue>" not in before
    assert "<MedlinePgn>5332-41</MedlinePgn>" in after and "<Issue>11</Issue>" in after


def test_base_ends_with_2023(table, text):
    years = {int(year) for year in re.findall(r"<Year>(\d{4})</Year>", text("base", "pubmed"))}
    assert max(years) == 2023


def test_counters_differ(text):
    def counter_of(wave):
        before = text(wave, "medline-ovid").split("ID  - 90000097")[0]
        return re.findall(r"^(\d+)\. $", before, re.MULTILINE)[-1]

    assert counter_of("base") != counter_of("update")
