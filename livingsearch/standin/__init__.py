"""A stand-in for NCBI's E-utilities over PubMed records from files or made up, for demonstrations and tests.

It answers ESearch, EFetch, EPost and EInfo for db=pubmed on 127.0.0.1 and imitates what the real service does
to a query without saying so, its limits, and its faults on demand::

    with Standin.of_files(["records.xml"], faults=[Fault(FaultKind.SERVER_502, first=2)]) as standin:
        fetch(standin.base_url)

What it does not have: MeSH trees ([mh] finds a heading itself, not the narrower ones), automatic term mapping
to headings and word variants, journal synonyms, subsets and filters, other databases.
"""

from livingsearch.standin.endpoints import Limits
from livingsearch.standin.faults import Fault, FaultKind, parse_fault
from livingsearch.standin.records import RecordFileUnusable
from livingsearch.standin.standin import LoggedRequest, Settings, Standin

__all__ = [
    "Fault",
    "FaultKind",
    "Limits",
    "LoggedRequest",
    "RecordFileUnusable",
    "Settings",
    "Standin",
    "parse_fault",
]
