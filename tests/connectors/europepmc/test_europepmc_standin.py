"""The stand-in finds what a search describes, and says what it is."""

import json
from pathlib import Path

import pytest
from europepmc_served import serving

import livingsearch.standin.europepmc as package
from livingsearch.standin.europepmc import EuropePmcStandin, invented, read_records
from livingsearch.standin.europepmc.query import QueryUnreadable, matcher_of
from livingsearch.standin.europepmc.records import RecordsUnusable

RECORDS = invented(12)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("TITLE:peer", 12),
        ('TITLE:"peer support"', 12),
        ('TITLE:"support peer"', 0),
        ("peer suppor*", 12),
        ("TITLE:suppor", 0),
        ("SRC:PPR", 2),
        ("SRC:ppr OR SRC:AGR", 4),
        ("SRC:MED AND asthma", 2),
        ("NOT SRC:MED", 6),
        ("(SRC:MED OR SRC:PMC) NOT SRC:PMC", 6),
        ("EXT_ID:6", 1),
        ("EXT_ID:6 AND SRC:PPR", 0),
        ("PUB_YEAR:[2011 TO 2012]", 2),
        ("PUB_YEAR:2011", 1),
        ('AUTH:"Müller"', 2),
        ("心理支持", 2),
        ("JOURNAL:invented", 10),
        ('PUB_TYPE:"Preprint"', 2),
        ("TITLE_ABS:invent", 12),
        ("TITLE:invent", 0),
    ],
)
def test_searches(query: str, found: int) -> None:
    test = matcher_of(query)
    assert sum(map(test, RECORDS)) == found


@pytest.mark.parametrize("query", ["", "(", ")", "a OR", "OR a", "((a)", '"', "(" * 5000 + "a", "NOT " * 5000 + "a"])
def test_what_cannot_be_read(query: str) -> None:
    with pytest.raises(QueryUnreadable):
        matcher_of(query)


def test_it_says_what_it_is() -> None:
    for told in (package.__doc__, EuropePmcStandin.__doc__):
        assert told is not None and "not verified against the live service" in " ".join(told.replace("*", "").split())


def test_pages_marks_and_sizes() -> None:
    with serving(5) as served:
        url = served.standin.base_url + "search"

        def ask(**params: object) -> dict[str, object]:
            return served.session.get(url, params={"query": "peer", "format": "json", **params}, timeout=10).json()

        first = ask(pageSize=3)
        assert (first["hitCount"], len(first["resultList"]["result"]), "nextCursorMark" in first) == (5, 3, True)
        assert set(first["resultList"]["result"][0]) <= {"id", "source", "pmid", "pmcid", "doi", "title"}
        rest = ask(pageSize=3, cursorMark=first["nextCursorMark"], resultType="core")
        assert (len(rest["resultList"]["result"]), "nextCursorMark" in rest) == (2, False)
        assert "abstractText" in rest["resultList"]["result"][0]
        assert ask(pageSize=5000)["request"]["pageSize"] == 1000
        assert ask(synonym="TRUE")["request"]["synonym"] is True
        assert ask()["request"]["cursorMark"] == "%2A"
        assert ask(cursorMark="AoIIQ") == ask(cursorMark="!") == {"version": "6.9"}
        assert served.session.get(served.standin.base_url + "fields", timeout=10).status_code == 404
        assert served.session.get(url, params={"query": "x" * 5000}, timeout=10).status_code == 414


def test_records_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps(RECORDS), "utf-8")
    assert read_records(path) == RECORDS
    path.write_text(json.dumps({"resultList": {"result": RECORDS[:2]}}), "utf-8")
    assert read_records(path) == RECORDS[:2]
    for text in ("", "{}", "[1]", '[{"id": "1"}]', '{"resultList": {}}', "[" * 100_000):
        path.write_text(text, "utf-8")
        with pytest.raises(RecordsUnusable):
            read_records(path)


def test_it_has_an_address_only_while_it_runs() -> None:
    standin = EuropePmcStandin([])
    with pytest.raises(RuntimeError):
        _ = standin.base_url
    with standin:
        assert standin.start() is standin
        assert standin.base_url.startswith("http://127.0.0.1:")
    standin.close()
