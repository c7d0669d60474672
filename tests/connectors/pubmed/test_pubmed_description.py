"""Markup that PubMed's description knows, and records read without Biopython: the same as through it."""

import re
from xml.etree.ElementTree import fromstring

import pytest
from living import SAMPLES

from connectors.pubmed.articles import read_articles
from connectors.pubmed.canonical import record_of
from connectors.pubmed.description import newest_description
from connectors.pubmed.nodes import ElementNode, from_element

BODY = (SAMPLES / "base" / "pubmed.xml").read_bytes()
ARTICLES = re.findall(r"<PubmedArticle>.*?</PubmedArticle>", BODY.decode(), re.DOTALL)


def test_records_are_those_that_biopython_gives() -> None:
    read = read_articles(BODY)
    assert read.warnings == () and len(ARTICLES) == len(read.records)
    for text, (raw, record) in zip(ARTICLES, read.records, strict=True):
        element = fromstring(text)
        assert (raw.payload, record) == (text, record_of(ElementNode(element)))
        assert newest_description().knows(element)


@pytest.mark.parametrize(
    ("old", "new", "known"),
    [
        ("<ArticleTitle>", "<ArticleTitle>H<sub>2</sub>O <b>", False),
        ("</ArticleTitle>", " 10<sup>6</sup></ArticleTitle>", True),
        ("<Language>", "<Novelty>x</Novelty><Language>", False),
        ("<Language>", "<Language>fre</Language><Language>", True),
        ("<ArticleTitle>", "<ArticleTitle>Twice</ArticleTitle><ArticleTitle>", False),
        ('<PMID Version="1">', '<PMID Version="1">1</PMID><PMID Version="1">', False),
        ("</ArticleTitle>", '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></ArticleTitle>', True),
    ],
)
def test_markup_that_the_description_does_not_know_is_told(old: str, new: str, known: bool) -> None:
    text = ARTICLES[0].replace(old, new, 1)
    if "<b>" in new:
        text = text.replace("</ArticleTitle>", "<nothing/></b></ArticleTitle>", 1)
    element = fromstring(text)
    assert newest_description().knows(element) is known
    assert record_of(ElementNode(element)) == record_of(from_element(element))


def test_a_node_that_looks_when_asked_is_the_one_that_is_built() -> None:
    element = fromstring("<a x='1'>t<b>u</b><c><d>v</d>w</c></a>")
    holder = fromstring("<a x='1'><e><d> v </d></e><e><d/><d>w</d></e><i>y</i></a>")
    for tree in (element, holder, *holder):
        lazy, built = ElementNode(tree), from_element(tree)
        assert (lazy.tag, lazy.text, lazy.attributes) == (built.tag, built.text, built.attributes)
        assert [child.tag for child in lazy.children] == [child.tag for child in built.children]
        for path in ("e/d", "d", "c/d", "b"):
            assert [node.text for node in lazy.all(path)] == [node.text for node in built.all(path)]
            assert lazy.value(path) == built.value(path)
            first, same_first = lazy.first(path), built.first(path)
            assert (first and first.text) == (same_first and same_first.text)
