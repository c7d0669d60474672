"""Review files: the example loads whole, and whatever is wrong is said with line, field and what is allowed."""

import hashlib
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from valid_review import VALID, put, write

from livingsearch.errors import SourceUnknown
from livingsearch.review.model import (
    Review,
)
from livingsearch.review.reader import read_review

EXAMPLE = Path(__file__).parents[2] / "data/reviews/peer-support-personality-disorder/review.toml"


def test_small_file(tmp_path: Path) -> None:
    review = read_review(write(tmp_path, "\ufeff" + VALID))
    assert (review.slug, review.registration, review.base_url) == ("small", None, None)
    assert review.search.text == 'peer$ and\n"personality disorder$"'
    assert (review.search.since, review.search.until) == (None, date(2025, 8, 15))
    assert review.search.concepts[0].terms == ("peer$", "expert patient$")
    assert [source.label for source in review.sources] == ["PubMed (NCBI)", "Embase (Ovid)"]
    assert [source.wait_days for source in review.sources] == [14, 30]
    assert review.source("embase-ovid").accepted_warnings == ("FieldNotFound",)
    assert (review.preferred, review.approval, review.self_approval) == (("pubmed", "embase-ovid"), False, False)
    assert (review.known[0].doi, review.known[0].pmid) == ("10.1000/abc", "123")
    assert review.report_url("R000001") == "https://livingsearch.invalid/small/reports/R000001"
    with pytest.raises(SourceUnknown, match="declares pubmed, embase-ovid"):
        review.source("scopus")
    with pytest.raises(FrozenInstanceError):
        review.slug = "x"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        review.sources[0].slug = "x"  # type: ignore[misc]


def test_a_query_that_is_not_written_down_is_the_translation(tmp_path: Path) -> None:
    text = put('query = "peer*[tiab]"\n', "")(put('query = "peer$.ti,ab."\n', "")(VALID))
    review = read_review(
        write(tmp_path, text.replace('["title", "abstract"]', '["title", "abstract", "author_keywords"]'))
    )
    pubmed, embase = review.sources
    assert pubmed.query == 'peer*[tiab] AND "personality disorder*"[tiab]'
    assert embase.query == '(peer$ and "personality disorder$").ti,ab,kf.'
    assert (pubmed.translated, embase.translated, embase.wait_days) == (True, True, 30)
    assert not any(source.translated for source in read_review(write(tmp_path, VALID)).sources)


def test_the_fields_of_the_file_hold_for_the_translation(tmp_path: Path) -> None:
    review = read_review(write(tmp_path, put('query = "peer$.ti,ab."\n', "")(VALID)))
    assert review.source("embase-ovid").query == '(peer$ and "personality disorder$").ti,ab.'
    assert review.source("pubmed").query == "peer*[tiab]", "what is written down stays"


def test_public_address(tmp_path: Path) -> None:
    text = put('version = "1"', 'version = "1"\nbase_url = "https://reviews.example.org/small/"')(VALID)
    review = read_review(write(tmp_path, text))
    assert review.report_url("R000001") == "https://reviews.example.org/small/reports/R000001"


@pytest.fixture(scope="module")
def example() -> Review:
    return read_review(EXAMPLE)


def test_example_review(example: Review) -> None:
    assert example.slug == EXAMPLE.parent.name
    assert example.registration == "PROSPERO 589614"
    assert example.contact.endswith("@example.org")
    assert example.search.text == (
        "('peer$' OR 'expert by experience$' OR 'expert patient$') AND "
        "('personality disorder$' OR 'complex emotional needs$')"
    )
    assert (example.search.syntax, example.search.since) == ("ovid", None)
    assert example.search.until == date(2025, 8, 15)
    assert example.search.languages == ("English",)
    assert example.search.limits[0].what == "English"
    assert sum(len(concept.terms) for concept in example.search.concepts) == 5
    assert example.text == EXAMPLE.read_text(encoding="utf-8")
    assert example.sha256 == hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()


def test_example_sources(example: Review) -> None:
    slugs = ["pubmed", "medline-ovid", "embase-ovid", "psycinfo-ovid", "cinahl-ebsco"]
    assert [source.slug for source in example.sources] == slugs
    assert list(example.preferred) == slugs
    assert [source.connector for source in example.sources] == ["entrez", *["file"] * 4]
    assert all(source.kind == "database" and source.schedule for source in example.sources)
    assert example.source("pubmed").query == (
        '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
        '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
    )
    assert example.source("pubmed").accepted_warnings == (
        'QuotedPhraseNotFound: "expert by experience*"[tiab]',
        'QuotedPhraseNotFound: "expert patient*"[tiab]',
        'QuotedPhraseNotFound: "complex emotional needs*"[tiab]',
    )
    assert [source.slug for source in example.sources if source.translated] == ["medline-ovid"]
    assert example.source("medline-ovid").query == example.source("embase-ovid").query
    assert example.source("medline-ovid").query.endswith(".ti,ab,kf.")


def test_example_known_articles(example: Review) -> None:
    assert len(example.known) == 13
    assert sum(article.doi is not None for article in example.known) == 11
    assert {"10.1002/pmh.1604", "10.1037/per0000683"} <= {article.doi for article in example.known}
