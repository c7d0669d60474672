"""A stand-in for Europe PMC's RESTful search over records of its own, for demonstrations and tests.

Written from public documentation and from replies recorded in public repositories; **not verified against the
live service**. Where the two disagree, the live service is right. It answers `search` (GET) and `searchPOST` on
127.0.0.1, in JSON only, with cursor marks, and goes wrong on demand::

    with EuropePmcStandin(invented(2_000), faults=[Fault(FaultKind.SERVER_503, first=2)]) as standin:
        fetch(standin.base_url)

What it knows of Europe PMC's syntax: AND, OR, NOT, brackets, phrases, `*` at a word's end, terms side by side as
AND, the fields TITLE, ABSTRACT, TITLE_ABS, AUTH, JOURNAL, KW, SRC, EXT_ID, DOI, PUB_TYPE, LANG, and
PUB_YEAR:2020 or PUB_YEAR:[2019 TO 2021]. It has no synonyms, no relevance (records stand in the order given), no
full text.
"""

from livingsearch.standin.europepmc.faults import Fault, FaultKind
from livingsearch.standin.europepmc.records import invented, read_records
from livingsearch.standin.europepmc.standin import EuropePmcStandin, LoggedRequest, Settings

__all__ = ["EuropePmcStandin", "Fault", "FaultKind", "LoggedRequest", "Settings", "invented", "read_records"]
