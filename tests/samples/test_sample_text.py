"""Names, titles and pages: the small functions."""

import pytest

from livingsearch.samples import names, titles
from livingsearch.samples.names import Author
from livingsearch.samples.works import expand_last_page


def test_reads_a_list_that_inverts_the_first_name():
    text = "Turner, B. J., B. McKnight, S.-N. Yeo, A. Van Hecke, and S. Barbic"
    assert names.read_inverted_first(text) == (
        (
            Author("Turner", ("B", "J")),
            Author("McKnight", ("B",)),
            Author("Yeo", ("S-N",)),
            Author("Van Hecke", ("A",)),
            Author("Barbic", ("S",)),
        ),
        True,
    )


def test_reads_a_group_and_an_incomplete_list():
    assert names.read_inverted_first("American Psychiatric Association")[0][0].is_group
    assert names.read_inverted_first("Ibrahim, N., D. Thompson, et al")[1] is False


def test_reads_a_vancouver_list():
    assert names.read_vancouver("McCauley C-O, O'Hara JK, et al") == (
        (Author("McCauley", ("C-O",)), Author("O'Hara", ("J", "K"))),
        False,
    )


@pytest.mark.parametrize(
    ("write", "written"),
    [
        (names.spaced, "Barr, K R"),
        (names.dotted, "Barr, K. R."),
        (names.dotted_without_last_stop, "Barr, K. R"),
        (names.dense, "Barr K.R."),
    ],
)
def test_writes_names(write, written):
    assert write(Author("Barr", ("K", "R"))) == written


@pytest.mark.parametrize(
    ("capital", "expected"),
    [(False, "Beyond PICO: the tool in New South Wales"), (True, "Beyond PICO: The tool in New South Wales")],
)
def test_sentence_case(capital, expected):
    title = "Beyond PICO: The Tool in New South Wales"
    assert titles.sentence_case(title, headline=True, capital_after_colon=capital) == expected


def test_headline_case():
    assert titles.headline_case("Peer-led groups: the what of it") == "Peer-Led Groups: The What of It"


def test_ascii_only():
    assert titles.ascii_only("Høgh, Şahin, Włodarczyk—Möller’s") == "Hogh, Sahin, Wlodarczyk-Moller's"


def test_curly():
    assert titles.curly("\"Much\" of 'it' is others'") == "“Much” of ‘it’ is others’"


@pytest.mark.parametrize(
    ("first", "last", "expected"), [("319", "28", "328"), ("640", "6", "646"), ("20", "", ""), ("9", "12", "12")]
)
def test_expands_last_pages(first, last, expected):
    assert expand_last_page(first, last) == expected
