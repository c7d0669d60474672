"""Queries and what they find, over HTTP."""

import pytest
from invented_pubmed import Client

PUBLISHED = (
    '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
    '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
)


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        # fields
        ("peers[ti]", [30, 3]),
        ("peers[tiab]", [30, 4, 3]),
        ("asthma[ab]", [5, 4, 3]),
        ("lunge[tiab]", [5]),
        ("emotional[ot]", [3]),
        ("emotional[tiab]", [3]),
        ("humans[tiab]", []),
        ("humans[tw]", [4]),
        ("Asthma[mh]", [4]),
        ("asthma[MeSH Terms]", [4]),
        ("asthma*[mh]", [5, 4]),
        ("asthma[majr]", [4]),
        ("humans[majr]", []),
        ("personality disorders[mh]", [5]),
        ("personality[mh]", []),
        ("muller[au]", [4]),
        ("Müller J[au]", [4]),
        ('"muller jk"[au]', [4]),
        ("muller k[au]", []),
        ("Arch Made Up[ta]", [5]),
        ('"Arch Made Up"[jour]', [5]),
        ("made[ta]", []),
        ("review[pt]", [4]),
        ("german[la]", [4]),
        ("ger[la]", [4]),
        ("4[uid]", [4]),
        ("4[pmid] OR 5[PMID]", [5, 4]),
        ("2:4[uid]", [4, 3, 2]),
        ("asthma[tiab] AND 4:10[UID]", [5, 4]),
        ("10.9999/inv.3[aid]", [3]),
        ("10.9999/cited[aid]", []),
        # words
        ("cafe[ti]", [4]),
        ("CAFÉ[ti]", [4]),
        ("trial[ti]", [1]),
        ("worker[ti]", []),
        ("worker*[ti]", [1]),
        ("peer*[tiab]", [30, 4, 3, 1]),
        ("pee*[tiab]", []),
        ("peeling[tiab]", [6]),
        ("intervent*[ti]", [6, 5]),
        ("intervent∗[ti]", [6]),
        ("intervent$[ti]", [6]),
        ("e-mail[tiab]", [6]),
        ("user's[tiab]", [6]),
        # phrases
        ('"personality disorder*"[tiab]', [2, 1]),
        ('"personality disorder"[tiab]', [2]),
        ("personality disorder[tiab]", [2]),
        ("personality expert[tiab]", [2]),
        ('"[18F]FDG"[tiab]', [6]),
        ('"asthma control"[tiab]', [4]),
        ('"asthma control"[tiab:~0]', [4]),
        ('"control asthma"[tiab:~0]', [4]),
        ('"asthma control"[tiab:~1]', [4, 3]),
        ('"asthma poor"[tiab:~1]', [3]),
        ('"asthma poor"[tiab:~0]', []),
        ("“asthma control”[tiab]", [4]),
        # operators
        ("peers[ti] OR asthma[mh] AND lungs[ti]", [4]),
        ("peers[ti] OR (asthma[mh] AND lungs[ti])", [30, 4, 3]),
        ("peers[tiab] NOT asthma[tiab]", [30]),
        ("peers[tiab] AND asthma[tiab] NOT cafe[ti]", [3]),
        ("peers[tiab] asthma[tiab]", [4, 3]),
        ("((peers[ti]))", [30, 3]),
        # untagged: all words, all fields
        ("peers asthma", [4, 3]),
        ("muller", [4]),
        ("asthma[all]", [5, 4, 3]),
        ("worker* personality", [1]),
        ("and peers", [30, 4, 3]),
        # dates
        ("2021[dp]", [5]),
        ("2020/12[pdat]", [3]),
        ("2018/11[dp]", [4]),
        ("2018:2020/12/31[dp] AND asthma[tiab]", [4, 3]),
        ('("2020/01/15"[crdt] : "3000"[crdt])', [5, 2]),
        ('peer*[tiab] AND ("2020/01/01"[crdt] : "2020/12/31"[crdt])', [1]),
        ("2015[edat]", [2]),
        ("2012[dp]", [30]),
        ("zebras[ti]", [30]),
        (PUBLISHED, [3, 2, 1]),
    ],
)
def test_finds(served: Client, term: str, pmids: list[int]) -> None:
    assert served.pmids(term) == pmids


def test_the_published_search_tells_what_it_lost(served: Client) -> None:
    found = served.json(PUBLISHED)
    assert found["idlist"] == ["3", "2", "1"]
    assert found["warninglist"]["quotedphrasesnotfound"] == ['"expert by experience*"[tiab]']
    assert found["querytranslation"] == (
        '("peer*"[Title/Abstract] OR "expert patient*"[Title/Abstract]) AND '
        '("personality disorder*"[Title/Abstract] OR "complex emotional needs*"[Title/Abstract])'
    )
    assert "errorlist" not in found


@pytest.mark.parametrize(
    ("parameters", "pmids"),
    [
        ({"datetype": "pdat", "mindate": "2020", "maxdate": "2021/06/30"}, [5, 3]),
        ({"datetype": "crdt", "mindate": "2020/01/01", "maxdate": "2020/12/31"}, []),
        ({"datetype": "edat", "reldate": "10"}, []),
        ({"datetype": "crdt", "reldate": "10"}, [5]),
        ({"datetype": "crdt", "reldate": "6"}, []),
        ({"mindate": "2020"}, [5, 4, 3]),
    ],
)
def test_date_parameters(served: Client, parameters: dict[str, str], pmids: list[int]) -> None:
    assert served.pmids("asthma[tiab]", **parameters) == pmids


def test_date_parameters_show_in_the_translation(served: Client) -> None:
    found = served.json("asthma OR peers", datetype="edat", mindate="2020", maxdate="2020/02")
    assert found["querytranslation"] == (
        '("asthma"[All Fields] OR "peers"[All Fields]) AND 2020/01/01:2020/02/29[Date - Entry]'
    )


@pytest.mark.parametrize(
    ("term", "translation"),
    [
        ("peers asthma", '"peers"[All Fields] AND "asthma"[All Fields]'),
        ("Peers[ti] NOT Asthma[mh]", '"Peers"[Title] NOT "Asthma"[MeSH Terms]'),
        ('("2020/01/15"[crdt] : "3000"[crdt])', "2020/01/15:3000/12/31[Date - Create]"),
        ("2:4[uid]", "2:4[UID]"),
        ('"asthma control"[tiab:~2]', '"asthma control"[Title/Abstract:~2]'),
        ("peers[ti] OR asthma[mh] AND lungs[ti]", '("peers"[Title] OR "asthma"[MeSH Terms]) AND "lungs"[Title]'),
        ("2020[dp]", "2020/01/01:2020/12/31[Date - Publication]"),
    ],
)
def test_translation(served: Client, term: str, translation: str) -> None:
    assert served.json(term)["querytranslation"] == translation


@pytest.mark.parametrize(
    ("term", "pmids", "errors", "ignored", "quoted"),
    [
        # an unknown tag, and a tag on a group, vanish: an empty list is all that shows
        ("asthma[tiabb]", [5, 4, 3], [], None, None),
        ("humans[tiabb]", [4], [], None, None),
        ("(humans OR lungs)[tiab]", [4], [], None, None),
        # these say nothing at all
        ("intervent∗[ti]", [6], None, None, None),
        ('"asthma* control"[tiab:~2]', [4, 3], None, None, None),
        ("asthma[mh:~3]", [4], None, None, None),
        # these are named
        ("nosuchword[tiab]", [], ["nosuchword"], [], []),
        ("nosuchword[tiab] OR lungs[ti]", [4], ["nosuchword"], None, None),
        ("nosuchword* OR lungs[ti]", [4], ["nosuchword"], None, None),
        ("the[tiab] AND asthma[tiab]", [], ["the"], [], []),
        ("the asthma", [5, 4, 3], None, ["the"], []),
        ("lun*[ti] OR cafe[ti]", [4], ["lun*"], ["lun*"], []),
        ("asth*ma[tiab] OR cafe[ti]", [4], ["asth", "ma"], ["asth*ma"], []),
        ('"no such phrase"[tiab]', [], None, [], ['"no such phrase"[tiab]']),
        ('"control poor"[tiab] OR cafe[ti]', [4], None, [], ['"control poor"[tiab]']),
        ('"control poor*" OR cafe[ti]', [4], None, [], ['"control poor*"']),
        ('"poor control"', [3], None, [], ['"poor control"']),
        ('"Nosuch Heading"[Mesh]', [], None, [], ['"Nosuch Heading"[Mesh]']),
        ("20x[dp]", [], ["20x"], [], []),
    ],
)
def test_damage(
    served: Client,
    term: str,
    pmids: list[int],
    errors: list[str] | None,
    ignored: list[str] | None,
    quoted: list[str] | None,
) -> None:
    found = served.json(term)
    assert [int(pmid) for pmid in found["idlist"]] == pmids
    expected = None if errors is None else {"phrasesnotfound": errors, "fieldsnotfound": []}
    assert found.get("errorlist") == expected
    warnings = found.get("warninglist", {})
    assert warnings.get("phrasesignored") == ignored
    assert warnings.get("quotedphrasesnotfound") == quoted
    assert ("No items found." in warnings.get("outputmessages", [])) == (not pmids)


def test_the_documented_text_pasted_raw_is_neither_truncated_nor_quoted(served: Client) -> None:
    text = "(peer$ OR 'expert patient$') AND 'personality disorder$'"
    found = served.json(text)
    assert found["idlist"] == []
    assert "peer" not in found["querytranslation"].replace('"peer"[All Fields]', "")
    assert '"personality"[All Fields] AND "disorder"[All Fields]' in found["querytranslation"]


def test_a_dropped_part_is_missing_from_the_translation(served: Client) -> None:
    found = served.json('"control poor"[tiab] OR cafe[ti]')
    assert found["querytranslation"] == '"cafe"[Title]'


def test_counting_alone_loses_the_warnings(served: Client) -> None:
    assert served.json('"control poor"[tiab] OR cafe[ti]', rettype="count") == {"count": "1"}
    root = served.search('"control poor"[tiab] OR cafe[ti]', rettype="count")
    assert [(child.tag, child.text) for child in root] == [("Count", "1")]


def test_a_long_search_is_quick(served: Client) -> None:
    terms = " OR ".join(f"word{number}*[tiab]" for number in range(1_600))
    found = served.json(f"({terms}) OR peers[ti]")
    assert found["idlist"] == ["30", "3"]


@pytest.mark.parametrize(
    ("term", "pmids"),
    [
        ("(peers[ti] OR lungs[ti]", [30, 4, 3]),
        ("peers[ti]) OR lungs[ti]", [30, 4, 3]),
        ('"asthma control', [4]),
        ("peers[ti] OR OR lungs[ti]", [30, 4, 3]),
        ("OR peers[ti] NOT", [30, 3]),
        ("peers 2018:2019[dp]", [4]),
        ("cafe : lungs", [4]),
        ("[tiab] : ()", []),
        ('* AND ""[ti]', []),
        ("peers[dp]", []),
    ],
)
def test_what_cannot_be_read_is_read_somehow(served: Client, term: str, pmids: list[int]) -> None:
    assert served.pmids(term) == pmids


def test_absurd_nesting_is_an_error_and_not_a_crash(served: Client) -> None:
    assert "nested too deeply" in served.json("(" * 5_000 + "peers")["ERROR"]
