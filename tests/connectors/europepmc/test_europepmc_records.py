"""Records of Europe PMC in canonical fields, whatever they hold."""

import json
import time

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import MalformedReply, QueryAltered
from connectors.europepmc import read_payload, read_records
from connectors.europepmc.abstract import abstract_of
from connectors.europepmc.canonical import record_of
from connectors.europepmc.page import read_page
from connectors.europepmc.preflight import preflight
from connectors.record import Record, identity_of, received_table


def page(*results: object, **more: object) -> bytes:
    return json.dumps({"hitCount": len(results), "resultList": {"result": list(results)}, **more}).encode()


MEDLINE = {
    "id": "40000001",
    "source": "MED",
    "pmid": "40000001",
    "pmcid": "PMC9000001",
    "doi": "https://doi.org/10.9999/INV.1",
    "title": "Peer &lt;i&gt;support&lt;/i&gt; &amp; care: a <b>trial</b>.",
    "authorString": "Müller J, The Invented Group.",
    "authorList": {
        "author": [
            {"fullName": "Müller J", "firstName": "Jörg", "lastName": "Müller", "initials": "J"},
            {"fullName": "Roe A", "lastName": "Roe", "initials": "A"},
            {"collectiveName": "The Invented Group"},
            {"fullName": "Plato"},
            {},
            "junk",
        ]
    },
    "journalInfo": {
        "issue": "3",
        "volume": "30",
        "dateOfPublication": "2025 Sep",
        "yearOfPublication": 2025,
        "journal": {
            "title": "Journal of invented facts",
            "medlineAbbreviation": "J Inv",
            "isoabbreviation": "J. Inv.",
            "issn": "1359-107x",
            "essn": "2044-8287",
        },
    },
    "pubYear": "2024",
    "pageInfo": "123-9",
    "abstractText": "<h4>Objective</h4>To see.<h4>Results</h4>It was p\u2009<\u2009.001 &amp; H<sub>2</sub>O.",
    "language": "eng",
    "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
    "keywordList": {"keyword": ["Peer support", "Peer support", "Carers"]},
    "meshHeadingList": {
        "meshHeading": [
            {"majorTopic_YN": "N", "descriptorName": "Humans"},
            {
                "majorTopic_YN": "N",
                "descriptorName": "Depression",
                "meshQualifierList": {"meshQualifier": [{"qualifierName": "psychology", "majorTopic_YN": "Y"}]},
            },
            {"majorTopic_YN": "Y", "descriptorName": "Peer Group"},
        ]
    },
    "commentCorrectionList": {
        "commentCorrection": [
            {"id": "5", "source": "MED", "type": "Retraction in", "orderIn": 1},
            {"id": "6", "source": "MED", "type": "Erratum in"},
            {"id": "7", "source": "MED", "type": "Comment in"},
            {"id": "PPR8", "source": "PPR", "type": "Preprint in"},
            {"reference": "J Inv. 2025", "type": "Expression of concern in"},
        ]
    },
    "citedByCount": 3,
    "firstPublicationDate": "2025-08-01",
}


def test_every_field_has_its_place() -> None:
    assert record_of(MEDLINE) == Record(
        accession="MED:40000001",
        database="Europe PMC",
        title="Peer support & care: a trial.",
        authors=("Müller, Jörg", "Roe, A", "The Invented Group", "Plato"),
        year=2025,
        date="2025 Sep",
        journal="Journal of invented facts",
        journal_abbreviation="J. Inv.",
        volume="30",
        issue="3",
        pages="123-129",
        doi="10.9999/inv.1",
        pmid="40000001",
        pmcid="PMC9000001",
        issns=("1359-107X", "2044-8287"),
        abstract="Objective: To see.\nResults: It was p < .001 & H2O.",
        keywords=("Peer support", "Carers", "Humans", "Depression/*psychology", "*Peer Group"),
        languages=("eng",),
        publication_types=("Journal Article", "Retracted Publication"),
        url="https://europepmc.org/article/MED/40000001",
        notices=(
            "retracted",
            "RetractionIn 5",
            "ErratumIn 6",
            "PreprintIn PPR:PPR8",
            "ExpressionOfConcernIn J Inv. 2025",
        ),
    )


def test_a_preprint_stands_in_its_servers_name() -> None:
    record = record_of(
        {
            "id": "PPR813641",
            "source": "PPR",
            "doi": "10.1101/2024.01.01.123",
            "title": "A preprint",
            "authorString": "Roe J, Poe E.",
            "bookOrReportDetails": {"publisher": "medRxiv", "yearOfPublication": 2024},
            "pubTypeList": {"pubType": ["Preprint"]},
            "commentCorrectionList": {"commentCorrection": [{"source": "MED", "id": "999", "type": "Preprint of"}]},
            "firstPublicationDate": "2024-01-03",
        }
    )
    assert (record.accession, record.journal, record.year) == ("PPR:PPR813641", "medRxiv", 2024)
    assert (record.date, record.pmid, record.notices) == ("2024-01-03", None, ("PreprintOf 999",))
    assert record.authors == ("Roe J", "Poe E")
    assert record.url == "https://europepmc.org/article/PPR/PPR813641"


def test_a_retraction_notice_is_not_retracted() -> None:
    notice = {
        "pubTypeList": {"pubType": ["Retraction of Publication"]},
        "commentCorrectionList": {"commentCorrection": [{"id": "5", "source": "MED", "type": "Retraction of"}]},
    }
    assert record_of(notice).notices == ("RetractionOf 5",)
    told = {"commentCorrectionList": {"commentCorrection": {"id": "5", "type": "Retracted and republished in"}}}
    assert record_of(told).notices == ("retracted", "RetractedandRepublishedIn 5")


def test_ids_of_pmc_and_medline_are_found_where_they_stand() -> None:
    assert record_of({"source": "PMC", "id": "PMC12"}).pmcid == "PMC12"
    assert record_of({"source": "MED", "id": "12"}).pmid == "12"
    assert record_of({"source": "AGR", "id": "12"}).pmid is None
    assert record_of({"source": "MED", "id": "1/../2"}).url == "https://europepmc.org/article/MED/1%2F..%2F2"


def test_a_record_keeps_its_name_and_content_when_it_is_cited_more() -> None:
    first, later = (record_of({**MEDLINE, "citedByCount": n}) for n in (1, 2))
    assert first == later
    assert identity_of(first) == "acc:MED:40000001"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (None, None),
        ("", None),
        ("<p></p>", None),
        ("Just text.", "Just text."),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("<title>Abstract</title><p><b>Background</b> First.</p>", "Abstract: Background First."),
        ("&lt;h4&gt;Aim&lt;/h4&gt;Text", "Aim: Text"),
        ("<h4>Aim:</h4> <p>Text</p><h4>Empty</h4>", "Aim: Text\nEmpty"),
        ("<h3>Part</h3><h4>Aim</h4>Text", "Part Aim: Text"),
        ("a <5 and b> 3 <script>x</script>", "a <5 and b> 3 <script>x</script>"),
        ("see <a href='x'>there</a>", "see there"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
    ],
)
def test_abstracts_become_lines(text: str | None, plain: str | None) -> None:
    assert abstract_of(text) == plain


@pytest.mark.parametrize("part", ["<h4>", "<p", "<h4>a", "&lt;", "<a ", "</"])
def test_an_abstract_of_any_length_is_read_in_time(part: str) -> None:
    started = time.perf_counter()
    abstract_of(part * 100_000)
    assert time.perf_counter() - started < 2


def test_the_record_is_kept_whole() -> None:
    body = page(MEDLINE, {"id": "\ud800", "source": "MED", "title": "half \ud83d a pair", "unknown": [1.5, None]})
    read = read_records(body)
    assert (read.format, read.platform, read.record_starts) == ("europepmc-json", "europepmc", 2)
    assert json.loads(read.records[0][0].payload) == MEDLINE
    assert json.loads(read.records[1][0].payload)["unknown"] == [1.5, None]
    assert received_table(read.records).num_rows == 2
    assert [read_payload(raw.payload) for raw, _ in read.records] == [record for _, record in read.records]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=examples(60), deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(MEDLINE, JUNK)))
def test_junk_in_any_field_is_read(result: dict[str, object]) -> None:
    ((raw, record),) = read_records(page(result)).records
    assert json.loads(raw.payload) == result
    assert received_table([(raw, record)]).num_rows == 1


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_junk_deep_within_a_field_is_read(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["journalInfo", "authorList", "meshHeadingList", "commentCorrectionList"]))
    inner = data.draw(st.sampled_from(["journal", "author", "meshHeading", "commentCorrection", "volume"]))
    key = data.draw(st.sampled_from(["title", "lastName", "descriptorName", "type", "meshQualifierList", "id"]))
    value = data.draw(JUNK)
    record_of({name: {inner: [{key: value}]}})
    record_of({name: {inner: {key: value}}})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"version":"6.9"}',
        b'{"hitCount":"3","resultList":{"result":[]}}',
        b'{"hitCount":true,"resultList":{"result":[]}}',
        b'{"hitCount":-1,"resultList":{"result":[]}}',
        b'{"hitCount":3}',
        b'{"hitCount":3,"resultList":{}}',
        b'{"hitCount":3,"resultList":{"result":{}}}',
        b'{"hitCount":3,"resultList":{"result":["x"]}}',
        b'{"hitCount":NaN,"resultList":{"result":[]}}',
        b'{"hitCount":' + b"9" * 5000 + b',"resultList":{"result":[]}}',
        b'{"hitCount":0,"errMsg":"it broke","resultList":{"result":[]}}',
        b'{"hitCount":1,"resultList":{"result":[{"a":' + b"[" * 50 + b"]" * 50 + b"}]}}",
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_reply_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedReply):
        read_page(body)


@pytest.mark.parametrize(
    "query",
    [
        'TITLE:"peer support" AND (ABSTRACT:carer* OR KW:recovery) NOT SRC:PPR',
        "FIRST_PDATE:[2013-01-01 TO 2016-12-05] AND p53",
        'TITLE:"[18F] tiab (a"',
        "(a OR (b AND c))",
    ],
)
def test_europe_pmcs_own_syntax_passes(query: str) -> None:
    preflight(query)


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("peer*[tiab]", "ForeignFieldTag: [tiab]"),
        ("FIRST_PDATE[2013-01-01 TO 2016-12-05]", "ForeignFieldTag: [2013-01-01 TO 2016-12-05]"),
        ("peer$.ti,ab.", "ForeignFieldTag: .ti,ab."),
        ("peer∗", "LookAlikeCharacter: U+2217"),
        ("“peer support”", "LookAlikeCharacter: U+201C"),
        ("peer\u200bsupport", "LookAlikeCharacter: U+200B"),
        ('TITLE:"peer', 'Unbalanced: "'),
        ("(a OR b", "Unbalanced: ( )"),
        ("a) OR (b", "Unbalanced: ( )"),
        ("  ", "EmptyQuery: nothing to search"),
    ],
)
def test_another_platforms_syntax_is_held(query: str, warning: str) -> None:
    with pytest.raises(QueryAltered) as caught:
        preflight(query)
    assert warning in caught.value.warnings
    preflight(query, caught.value.warnings)
    preflight(query, [text.partition(":")[0] for text in caught.value.warnings])
