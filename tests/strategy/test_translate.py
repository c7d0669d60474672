"""What the loss report says of a search as a whole: how it was read, and what NOT makes of wider terms."""

from typing import Any

import pytest

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.explain import explained
from livingsearch.strategy.loss import Translation
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.translate import AS_GIVEN, translate

FIELDS = ("title", "abstract", "author_keywords")


def translated(text: str, source: Any, to: Any, *, by_line: bool = False) -> Translation:
    return translate(read_search(text, Dialect(source)), Dialect(to), default_fields=FIELDS, by_line=by_line)


def said(translation: Translation) -> dict[str, str]:
    """Kind of each loss by the beginning of its sentence."""
    return {loss.sentence: loss.kind for loss in translation.losses if loss.kind != "exact"}


@pytest.mark.parametrize(
    ("source", "text", "code", "example"),
    [
        ("pubmed", "(asthma OR copd)[tiab]", "F002", "(asthma OR copd)[tiab] → (asthma[tiab] OR copd[tiab])"),
        ("pubmed", "intervent∗[ti]", "S006", "∗ → *"),
        ("pubmed", "asthma children", "R007", 'asthma children → "asthma children"'),
        ("pubmed", '"asthma* control"[tiab:~2]', "T003", "asthma* control"),
        ("ebsco", "asthma children", "S011", 'asthma children → "asthma children"'),
        ("ovid", "'expert patient$'.ti.", "S008", "'expert patient$' → \"expert patient$\""),
        ("ovid", "asthma.kw.", "F004", ".kw. → .kf."),
        ("ovid", "asthma.ti,kw.", "F004", ".ti,kw. → .ti,kf."),
    ],
)
@pytest.mark.parametrize("to", ["ovid", "pubmed", "ebsco", "embase", "wos", "scopus", "cochrane"])
def test_what_its_own_platform_would_not_take_as_meant(
    source: str, text: str, code: str, example: str, to: str
) -> None:
    losses = [loss for loss in translated(text, source, to).losses if loss.sentence.startswith(AS_GIVEN)]
    named = [loss for loss in losses if f"({code})" in loss.sentence]
    assert [loss.kind for loss in named] == ["changed"]
    assert example in named[0].examples[0]


def test_whole_keywords_line_by_line() -> None:
    losses = translated("1 asthma.kw.\n2 1 and copd.ti.", "ovid", "ovid", by_line=True).losses
    assert [loss.kind for loss in losses if "(F004)" in loss.sentence] == ["changed"]


@pytest.mark.parametrize(
    ("source", "text"), [("pubmed", "asthma[tiab]"), ("ovid", "asthma.ti."), ("ebsco", "TI asthma")]
)
def test_nothing_is_said_of_a_search_in_order(source: str, text: str) -> None:
    assert not any(loss.sentence.startswith(AS_GIVEN) for loss in translated(text, source, "embase").losses)


def test_a_wider_term_behind_not_finds_less() -> None:
    wider = "PubMed has no field for abstracts alone: [tiab] looks in titles, abstracts and author keywords"
    assert said(translated("peer$.ab.", "ovid", "pubmed"))[wider] == "widened"
    losses = said(translated("peer$.ti. not review.ab.", "ovid", "pubmed"))
    assert losses == {f"{wider} (in what NOT takes out, so that the search finds less)": "narrowed"}


def test_not_within_what_not_takes_out() -> None:
    losses = translated("a1.ti. not (b1.ti. not c1.ab.)", "ovid", "pubmed").losses
    assert {loss.kind for loss in losses} == {"widened", "exact"}


@pytest.mark.parametrize("by_line", [False, True])
def test_both_sides_of_not(by_line: bool) -> None:
    text = "1 peer$.ab.\n2 lung.ab.\n3 1 not 2\n4 heart.ab.\n5 3 or (4 and 2)"
    losses = [loss for loss in translated(text, "ovid", "pubmed", by_line=by_line).losses if "[tiab]" in loss.sentence]
    kinds = {text[place.start : place.end]: loss.kind for loss in losses for place in loss.places}
    assert kinds == {"peer$.ab.": "widened", "heart.ab.": "widened", "lung.ab.": "changed"}


@pytest.mark.parametrize("text", ["asthma[tiabb]", "{{MeSH heading for “Asthma”}} OR copd[ti]"])
def test_what_cannot_be_understood_is_neither_translated_nor_explained(text: str) -> None:
    with pytest.raises(SearchTextError):
        translated(text, "pubmed", "ovid")
    with pytest.raises(SearchTextError):
        explained(read_search(text, Dialect("pubmed")))


def test_a_slot_says_all_that_was_said_of_a_heading() -> None:
    text = translated("exp *Asthma/dt, th", "ovid", "embase").text
    assert text == "{{Emtree heading for “Asthma”, exploded, as main topic, with subheading drug therapy or therapy}}"


def test_phrases_of_pubmed_may_be_dropped() -> None:
    losses = said(translated('"peer support".ti. or asthma.ti.', "ovid", "pubmed"))
    assert [kind for sentence, kind in losses.items() if "phrase index" in sentence] == ["changed"]
    assert not said(translated('"peer support"[ti]', "pubmed", "pubmed"))
    assert not said(translated('#1 "peer support"[ti]\n#2 #1 AND asthma[ti]', "pubmed", "pubmed", by_line=True))


def test_scopus_varies_words_not_names_and_numbers() -> None:
    assert "widened" in said(translated("asthma.ti.", "ovid", "scopus")).values()
    assert "widened" not in said(translated("smith j.au. or 10.1002/abc.do.", "ovid", "scopus")).values()
