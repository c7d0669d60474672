"""The quick look at a reply finds the same records as reading it in full, and accepts nothing else."""

import random

import pytest

from connectors.errors import MalformedReply
from connectors.pubmed.delivered import RECORD_PMIDS, SETS, pmids_in
from connectors.pubmed.document import parse
from livingsearch.standin.generated import generated_record
from livingsearch.standin.replies import article_set

BOOK = (
    b"<PubmedBookArticle><BookDocument><PMID>30</PMID><ArticleIdList/></BookDocument><PubmedBookData>"
    b"<PMID>4</PMID></PubmedBookData></PubmedBookArticle>"
)
BODIES = (
    article_set([generated_record(250, 300), BOOK]).body,
    article_set([]).body,
    b"<PubmedBookArticleSet>" + BOOK + b"<x/></PubmedBookArticleSet>",
    b"<PubmedArticle><MedlineCitation><PMID> 5 </PMID></MedlineCitation></PubmedArticle>",
)
PIECES = (
    *(b"<", b">", b"</a>", b"<a>", b"<a/>", b"&x;", b"&amp;", b"&#65;", b"\xff", b"<?p?>", b"<!--<PMID>8</PMID>-->"),
    *(b"<PMID>7</PMID>", b"<PMID/>", b"<![CDATA[<PMID>]]>", b"</MedlineCitation><MedlineCitation>"),
    *(b"<PubmedArticle>", b"</PubmedArticle>", b"<PubmedArticle></PubmedArticle>"),
)


def in_full(body: bytes) -> tuple[str, ...]:
    document = parse(body)
    root = document.root
    if root.tag not in SETS and root.tag not in RECORD_PMIDS:
        raise MalformedReply(root.tag)
    parts = document.children if root.tag in SETS else (root,)
    return tuple((p.element.findtext(RECORD_PMIDS[p.tag]) or "").strip() for p in parts if p.tag in RECORD_PMIDS)


def outcome(read: object, body: bytes) -> object:
    try:
        return read(body)  # type: ignore[operator]
    except MalformedReply:
        return None


@pytest.mark.parametrize("seed", range(4))
def test_it_agrees_with_reading_in_full(seed: int) -> None:
    chance = random.Random(seed)
    accepted = 0
    for _ in range(1_500):
        body = bytearray(chance.choice(BODIES))
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(body) + 1)
            match chance.randrange(3):
                case 0:
                    place = body.find(b">", place) + 1
                    body[place:place] = chance.choice(PIECES)
                case 1:
                    body[place:place] = chance.choice(PIECES)
                case _:
                    del body[place : place + chance.randint(1, 60)]
        full = outcome(in_full, bytes(body))
        assert outcome(pmids_in, bytes(body)) == full, bytes(body)
        accepted += full is not None
    assert accepted > 100


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?><PubmedArticleSet>{BOOK.decode()}é</PubmedArticleSet>'
    assert pmids_in(text.encode(encoding)) == in_full(text.encode(encoding)) == ("30",)


@pytest.mark.parametrize(
    "body",
    [
        b"<PubmedArticleSet>" + b"<a>" * 200 + b"</a>" * 200 + b"</PubmedArticleSet>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet/>',
        b'<!DOCTYPE a SYSTEM "x"><PubmedArticleSet>&b;</PubmedArticleSet>',
        b'<?xml version="1.0" encoding="unheard-of"?><PubmedArticleSet/>',
        b"<PubmedArticleSet><ERROR>no</ERROR></PubmedArticleSet>",
        b"",
    ],
)
def test_what_is_not_a_set_of_records_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedReply):
        pmids_in(body)
