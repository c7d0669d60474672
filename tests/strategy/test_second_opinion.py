"""What `search-query` says, and that nothing of it gets out."""

import pytest

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.lint.second_opinion import _asked, second_opinion


@pytest.mark.parametrize(
    ("platform", "text", "expected"),
    [
        ("pubmed", "(asthma[ti]", "fatal, PARSE_0002: Unbalanced opening parenthesis (line 1, column 1)."),
        ("pubmed", "asthma[ti] and\ncopd[ti] and x[ti]", "(line 2, column 10)"),
        ("pubmed", "english[lang] AND asthma[ti]", "FIELD_0001: Search field [lang] is not supported"),
        ("pubmed", "1. asthma[ti]\n2. copd[ti]\n3. #1 AND #7", "PARSE_1002: List reference #7 not found"),
        ("ebscohost", "TI asthma AND XX copd", ":"),
    ],
)
def test_its_messages(platform: str, text: str, expected: str) -> None:
    assert any(expected in message for message in _asked(text, platform))


@pytest.mark.parametrize("text", ["", '"', "(" * 2000 + "a" + ")" * 2000, "a[ti] OR", "\ud800", "]" * 50, "\x00 OR"])
@pytest.mark.parametrize("platform", ["pubmed", "ebscohost"])
def test_its_errors_become_sentences(text: str, platform: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert all(isinstance(message, str) for message in _asked(text, platform))


def test_it_is_asked_in_a_process_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    (message,) = second_opinion("(asthma[ti]", Dialect("pubmed"))
    assert message.startswith("fatal, PARSE_0002")
    assert capfd.readouterr() == ("", "")


def test_it_has_nothing_to_say() -> None:
    assert second_opinion("asthma[ti] AND copd[ti]", Dialect("pubmed")) == (
        "search-query has nothing to say against this search.",
    )


def test_it_is_not_waited_for_too_long() -> None:
    slow = "a[ti] NOT b[ti] OR " * 200 + "a[ti]"
    assert second_opinion(slow, Dialect("pubmed"), seconds=0.5) == ("search-query did not answer within 0.5 seconds.",)


@pytest.mark.parametrize("platform", ["ovid", "embase", "wos", "scopus", "cochrane"])
def test_other_platforms(platform: str) -> None:
    (message,) = second_opinion("asthma", Dialect(platform))  # type: ignore[arg-type]
    assert "cannot be asked" in message


@pytest.mark.parametrize(("text", "why"), [("  ", "empty"), ("a " * 200_000, "too long")])
def test_texts_that_it_is_not_given(text: str, why: str) -> None:
    (message,) = second_opinion(text, Dialect("pubmed"))
    assert why in message
