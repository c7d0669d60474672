import pytest

from connectors.errors import QueryAltered
from connectors.pubmed import preflight

DOCUMENTED = (
    '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) '
    'AND ("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
)


@pytest.mark.parametrize(
    "query",
    [
        DOCUMENTED,
        "asthma",
        "Asthma[MeSH Terms] OR asthma[Title/Abstract]",
        "asthma[mesh:noexp] OR asthma[Mesh: NoExp] OR asthma/therapy[majr]",
        '"asthma control"[tiab:~2] AND "x y"[Title:~0]',
        '("2020/01/01"[crdt] : "3000"[crdt]) AND english[la]',
        "(a OR b) AND 1:100[UID]",
        '"a [note] b"[ti] NOT (animals[mh] NOT humans[mh])',
        "Müller-Lüdenscheidt[au] OR naïve[tiab]",
        "2020:2024[dp] AND review[pt] AND systematic[sb]",
        '"Lancet"[Journal:__jid2985213R]',
        "peer* AND (x)",
        '"peer support*"',
        '"asthma* control"[tiab] OR organi*ation*[tiab]',
        '"peer (support"[ti] OR ((a) OR (b))',
        "β-blocker*[tiab]",
    ],
)
def test_what_pubmed_reads_as_written_passes(query: str) -> None:
    preflight(query)


@pytest.mark.parametrize(
    ("query", "kind", "words"),
    [
        ("asthma[tiabb]", "UnknownFieldTag: [tiabb]", "[tiabb] is no field tag"),
        ("asthma[ti,ab]", "UnknownFieldTag: [ti,ab]", "search the words everywhere"),
        ("asthma[]", "UnknownFieldTag: []", "no field tag"),
        ("(asthma OR copd)[tiab]", "TagOnGroup: )[tiab]", "behind each term"),
        ("(asthma OR copd) [tiab]", "TagOnGroup: )[tiab]", "drops it"),
        ("intervent∗[ti]", "LookAlikeCharacter: U+2217", "type * instead"),
        ("“peer support”[ti]", "LookAlikeCharacter: U+201C", 'type " instead'),
        ("peer\u00a0support", "LookAlikeCharacter: U+00A0", "type a space"),
        ("peer\u200bsupport", "LookAlikeCharacter: U+200B", "delete it"),
        ("pee*[tiab]", "ShortTruncation: pee*", "fewer than 4"),
        ("a* AND peer*", "ShortTruncation: a*", "word forms"),
        ("*[tiab]", "ShortTruncation: *", "fewer"),
        ('"asthma* control"[tiab:~2]', "ProximityWithTruncation: ", "drops the nearness"),
        ('"asthma control*"[tiab:~2]', "ProximityWithTruncation: ", "drops the nearness"),
        ("wom*n[ti]", "ShortTruncation: wom*n", "fewer than 4"),
        ('asthma AND "peer support[tiab]', 'UnbalancedQuotes: "', "no partner"),
        ("(asthma OR copd AND peer", "UnbalancedBrackets: ()", ") is missing"),
        ("asthma) OR (copd", "UnbalancedBrackets: ()", "bracket without its partner"),
        ("asthma OR copd)", "UnbalancedBrackets: ()", "( is missing"),
        ("asthma[tiab AND copd[tiab]", "UnbalancedBrackets: []", "] is missing"),
    ],
)
def test_what_pubmed_would_misread_is_held(query: str, kind: str, words: str) -> None:
    with pytest.raises(QueryAltered) as caught:
        preflight(query)
    assert any(warning.startswith(kind) for warning in caught.value.warnings)
    assert words in str(caught.value)
    preflight(query, caught.value.warnings)
    preflight(query, {warning.partition(":")[0] for warning in caught.value.warnings})


def test_all_findings_are_told_at_once_and_each_once() -> None:
    with pytest.raises(QueryAltered) as caught:
        preflight("asthma[tiabb] OR copd[tiabb] OR pee*")
    assert caught.value.warnings == ("UnknownFieldTag: [tiabb]", "ShortTruncation: pee*")
