"""Readings of single fields; the readers' own tests hold them against whole records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.fields import plain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("when a<b and c>d", "when a<b and c>d"),
        ("n<i or m>j then", "n<i or m>j then"),
        ("<u, v>", "<u, v>"),
        ("<em dash>", "<em dash>"),
        ("<b >bold</b >", "bold"),
        ("<span class=\"x\" lang = 'y'>text</span>", "text"),
        ('<a href="x">', '<a href="x">'),
        ("<P>x</P><br/>y<br />z", "xyz"),
        ('<jats:p><jats:inline-formula xlink:href="x">E</jats:inline-formula></jats:p>', "E"),
        ("10<sup>6</sup> and 10<SUP>−6</SUP>", "10^6 and 10^−6"),
        ("CO<sub>2</sub>, m<sup>2</sup>, 2<sup>nd</sup>", "CO2, m2, 2nd"),
        ("x<sub>1</sub><sup>2</sup>, 10<sup> 6</sup>, 5 <sup>13</sup>C", "x1^2, 10^6, 5 13C"),
        ("one\u2028two\u2029three", "one two three"),
        ("so\u00adft zero\u200bwidth", "soft zerowidth"),
        ("<i></i>", None),
        ("", None),
        (None, None),
    ],
)
def test_plain_text(text: str | None, read: str | None) -> None:
    assert plain(text) == read


@given(st.lists(st.sampled_from(["a<b and c>d", "<i or m>", "<u, v>", "p<br", "b=1>", "<em", " ", "x", "0"])))
def test_text_between_signs_is_no_tag(pieces: list[str]) -> None:
    text = ",".join(pieces)
    kept = plain(text) or ""
    assert kept.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("piece", ["<b ", "<b a='", "<b a=b ", '<b a="x"', "<b" + " " * 9, "10<sup>", "<b a = "])
def test_what_only_begins_like_a_tag_is_kept_whole(piece: str) -> None:
    # Whatever takes more than linear time would not come to an end here.
    text = piece * 60_000
    assert plain(text) is not None
    assert len(plain(text + ",") or "") > len(text) // 4
