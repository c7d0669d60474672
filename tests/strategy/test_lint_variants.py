"""Other forms of words, the tables behind them, and which pattern takes in which."""

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lint_searches import word

from livingsearch.strategy.lint.covering import Covering, fields_cover, folded, word_covers
from livingsearch.strategy.lint.variants import apart, closed, plural, singular, spelling
from livingsearch.strategy.tree import Wild
from livingsearch.strategy.word_lists import table


@pytest.mark.parametrize(
    ("one", "more"),
    [
        ("patient", "patients"),
        ("study", "studies"),
        ("survey", "surveys"),
        ("syndrome", "syndromes"),
        ("abscess", "abscesses"),
        ("approach", "approaches"),
        ("child", "children"),
        ("woman", "women"),
        ("analysis", "analyses"),
        ("virus", "viruses"),
    ],
)
def test_plural_and_singular(one: str, more: str) -> None:
    assert (plural(one), singular(more)) == (more, one)
    assert plural(more) is None
    assert singular(one) is None


@pytest.mark.parametrize("word_without", ["asthma", "health", "news", "series", "quality", "", "diabetes", "s"])
def test_words_without_another_number(word_without: str) -> None:
    assert plural(word_without) is singular(word_without) is None


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("behavioural", "behavioral"),
        ("organisations", "organizations"),
        ("mobilising", "mobilizing"),
        ("anaesthesia", "anesthesia"),
        ("haemorrhage", "hemorrhage"),
        ("diarrhoea", "diarrhea"),
        ("apnoea", "apnea"),
        ("lymphoedema", "lymphedema"),
        ("aetiology", "etiology"),
        ("foetal", "fetal"),
        ("centres", "centers"),
        ("ageing", "aging"),
        ("programme", "program"),
        ("counsellors", "counselors"),
    ],
)
def test_spelling_both_ways(british: str, american: str) -> None:
    assert (spelling(british), spelling(american)) == (american, british)


@pytest.mark.parametrize(
    "same",
    (
        "exercise otherwise clockwise improvisation downsized tumorigenesis colorectal humoral chemotherapy laboratory "
        "pandemic academia fetish parameter vigorous epidemic moldova"
    ).split(),
)
def test_words_with_one_spelling(same: str) -> None:
    assert spelling(same) is spelling(same, truncated=True) is None


def test_joined_and_apart() -> None:
    assert closed("e", "health") == "ehealth"
    assert closed("non", "smokers") == "nonsmokers"
    assert closed("vitamin", "e") is closed("peer", "support") is closed("non", "st") is None
    assert apart("ehealth") == "e-health"
    assert apart("health") is None


def test_the_table_of_stems_that_reach_too_far() -> None:
    stems = table("overreach")
    assert len(stems) >= 60
    for stem, entry in stems.items():
        assert set(entry) == {"also", "instead"}
        assert entry["also"], stem
        assert all(other.lower().startswith(stem) for other in entry["also"]), stem
        for form in entry["instead"]:
            assert form.lower() != f"{stem}*"
            assert not (form.endswith("*") and form[:-1] in stems), f"{stem}: {form} reaches too far itself"
            meant = {other.lower() for other in entry["also"]}
            assert form.rstrip("*") not in meant, f"{stem}: {form} is named as what is not meant"


def test_the_tables_of_spellings_have_no_pair_twice() -> None:
    for name in ("anywhere", "starts", "words", "stems", "joined"):
        forms = [form for pair in table("spellings")[name] for form in pair]
        assert len(forms) == len(set(forms)), name
        assert all(form.isascii() for form in forms)


def test_the_table_of_nouns_has_no_noun_twice() -> None:
    nouns = table("nouns")
    both = [*nouns["regular"], *nouns["irregular"]]
    assert len(both) == len(set(both))
    assert all(singular(plural(noun) or "") == noun for noun in both)
    assert all(noun.isascii() and noun.isalpha() for noun in both)


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("peer$", "peer", True),
        ("peer$", "peers$", True),
        ("peer$", "peer#", True),
        ("peers$", "peer$", False),
        ("peer", "peer$", False),
        ("wom#n", "women", True),
        ("wom#n", "womn", False),
        ("wom?n", "womn", True),
        ("wom?n", "wom#n", True),
        ("wom#n", "wom?n", False),
        ("patient$1", "patient", True),
        ("patient$1", "patients", True),
        ("patient$1", "patient$3", False),
        ("patient$3", "patient$1", True),
        ("behavio?r$", "behavior", True),
        ("behavio?r$", "behavioural$", True),
        ("behavio?r$", "behavi$", False),
        ("$itis", "arthritis", True),
        ("a$b", "acb", True),
        ("a$b", "acbc", False),
    ],
)
def test_which_pattern_takes_in_which(wide: str, narrow: str, expected: bool) -> None:
    assert word_covers(word(wide).parts, word(narrow).parts) is expected


PIECES = st.lists(
    st.one_of(st.sampled_from("ab"), st.sampled_from([Wild(0, None), Wild(0, 1), Wild(1, 1), Wild(0, 2)])), max_size=5
)


def matches(pattern: list[str | Wild], text: str) -> bool:
    """The plain way: every number of letters that a wildcard may take is tried."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if isinstance(first, str):
        return text.startswith(first) and matches(rest, text[len(first) :])
    most = len(text) if first.most is None else min(first.most, len(text))
    return any(matches(rest, text[taken:]) for taken in range(first.least, most + 1))


@settings(deadline=None, max_examples=examples(300))
@given(PIECES, PIECES, st.lists(st.text("ab", max_size=6), max_size=10))
def test_what_takes_in_a_pattern_finds_all_that_it_finds(
    wide: list[str | Wild], narrow: list[str | Wild], texts: list[str]
) -> None:
    if wide and narrow and word_covers(tuple(wide), tuple(narrow)):
        for text in texts:
            assert not matches(narrow, text) or matches(wide, text)


@settings(deadline=None, max_examples=examples(100))
@given(st.lists(st.lists(st.sampled_from(["ab", "ab$", "b", "a#", "$b", "abb"]), min_size=1, max_size=3), max_size=8))
def test_the_index_finds_what_asking_one_by_one_finds(terms: list[list[str]]) -> None:
    words = [folded(word(text) for text in term) for term in terms]
    covering = Covering((term, None) for term in words)
    for narrow in words:
        expected = {
            number
            for number, wide in enumerate(words)
            for start in range(len(narrow) - len(wide) + 1)
            if all(word_covers(one, other) for one, other in zip(wide, narrow[start:], strict=False))
        }
        assert set(covering.covering(narrow, None)) == expected


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        (None, None, True),
        (None, ("title",), False),
        (("title",), None, False),
        (("title", "abstract"), ("title",), True),
        (("title",), ("title", "abstract"), False),
        (("all",), ("title", "keywords"), True),
        (("text_word",), ("abstract",), True),
        (("keywords",), ("author_keywords",), True),
        (("all",), ("author",), False),
    ],
)
def test_fields_that_take_in_others(
    wide: tuple[str, ...] | None, narrow: tuple[str, ...] | None, expected: bool
) -> None:
    assert fields_cover(wide, narrow) is expected
