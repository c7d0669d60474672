"""The CSV that the R package PRISMA2020 reads."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from whole_flows import CASES, missing, paper, series, source

from livingsearch.ledger.diagram_csv import COLUMNS, prisma2020_csv
from livingsearch.ledger.whole_flow import NOT_REPORTED, Count, Reason, WholeFlow

KEYS = """previous_studies previous_reports database_results database_specific_results register_results
register_specific_results website_results organisation_results citations_results duplicates excluded_automatic
excluded_other records_screened records_excluded dbr_sought_reports dbr_notretrieved_reports dbr_assessed
dbr_excluded other_sought_reports other_notretrieved_reports other_assessed other_excluded new_studies new_reports
total_studies total_reports""".split()


def rows(flow: WholeFlow, **links: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(prisma2020_csv(flow, links))))


def by_key(flow: WholeFlow) -> dict[str, str]:
    return {row["data"]: row["n"] for row in rows(flow)}


def read_by_r(listed: str) -> list[tuple[str, str]]:
    """Reasons as the package's own expressions take them apart."""
    parts = re.split(r";\s?", listed)
    return [
        (re.sub(r",.*$", "", part), re.sub(r"[^0-9.]", "", re.sub(r".*?,([ 0-9,]*)|.*()", r"\1", part)))
        for part in parts
    ]


def test_golden_file() -> None:
    expected = Path(__file__).with_name("prisma2020.csv").read_text("utf-8")
    assert prisma2020_csv(CASES["example"][-1]) == expected


@pytest.mark.parametrize("case", CASES)
def test_every_key_is_found_once_by_the_packages_search(case: str) -> None:
    for flow in CASES[case]:
        keys = [row["data"] for row in rows(flow)]
        for key in KEYS:
            # The package takes all rows whose key holds the name.
            assert [one for one in keys if re.search(key, one)] == [key]
    assert tuple(rows(flow)[0]) == COLUMNS


def test_numbers() -> None:
    told = by_key(paper())
    assert (told["database_results"], told["duplicates"], told["records_screened"]) == ("3962", "2127", "1835")
    assert (told["dbr_excluded"], told["citations_results"], told["new_studies"]) == ("14", "1", "13")
    assert told["total_studies"] == "13"
    assert told["database_specific_results"] == "NA"


def test_missing_numbers_are_na_and_zeros_zero() -> None:
    told = by_key(missing()[0])
    assert told["database_results"] == told["records_screened"] == told["new_reports"] == "NA"
    assert told["register_results"] == told["records_excluded"] == "0"


def test_the_package_reads_reasons_and_sources_back() -> None:
    base = series()[0]
    reasons = (Reason("Wrong population, n < 5; adults", Count(12_345)), Reason("Other", NOT_REPORTED))
    flow = replace(
        base,
        reports=replace(base.reports, reasons=reasons),
        identification=replace(base.identification, sources=(source(1, "=1+1", 5), source(2, "MEDLINE, Ovid", 7))),
    )
    told = by_key(flow)
    assert read_by_r(told["dbr_excluded"]) == [("Wrong population – n < 5 – adults", "12345"), ("Other", "")]
    assert told["database_specific_results"] == "'=1+1, 5; MEDLINE – Ovid, 7"


def test_links() -> None:
    told = {row["data"]: row["url"] for row in rows(paper(), screened="https://example.org/screened")}
    assert told["records_screened"] == "https://example.org/screened"
    assert told["records_excluded"] == "NA"
