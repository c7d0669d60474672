"""Known articles held against the documented search, by the words that their records have."""

from dataclasses import replace
from pathlib import Path

import pytest
from living import SAMPLES, SEARCHED, LivingReview, made_in

from livingsearch.errors import SearchTextError, SearchUnreadable
from livingsearch.services.imports import import_export
from livingsearch.services.known_articles import KnownArticle, KnownCheck, check_known
from livingsearch.standin import Standin

BY_KEYWORDS = {"Cawood 2012", "Crawford 2007", "D'Sa 2011", "Gillard 2015", "Jewell 2022", "Mahlke 2017", "Seal 2024"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """The second wave, which holds the first one's records too."""
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        living = made_in(tmp_path_factory.mktemp("workspace"), standin.base_url)
        living.run("update", standin, 1)
    return living


def with_medline(workspace: Path, *changes: tuple[str, str], review: tuple[tuple[str, str], ...] = ()) -> LivingReview:
    """The example review with MEDLINE's first export only, its text and the review's file changed."""
    living = made_in(workspace / "workspace")
    text = (SAMPLES / "base" / "ovid-medline.ris").read_text("ascii")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    export = workspace / "changed.ris"
    export.write_text(text, "utf-8")
    file = living.context().folder.review_file
    told = file.read_text("utf-8")
    for old, new in review:
        assert old in told
        told = told.replace(old, new, 1)
    file.write_text(told, "utf-8")
    import_export(living.context(), "medline-ovid", [export], date_searched=SEARCHED["base"])
    return living


def article(check: KnownCheck, begin: str) -> KnownArticle:
    (one,) = (a for a in check.articles if a.title.startswith(begin))
    return one


def test_all_are_found_on_the_samples_and_by_what(finished: LivingReview) -> None:
    check = check_known(finished.context())
    assert [concept.name for concept in check.concepts] == ["Peer support", "Personality disorder"]
    assert (check.found, check.missed, check.absent) == (13, (), ())
    assert {a.name for a in check.by_keywords_only} == BY_KEYWORDS
    assert check.told[0] == "13 of 13 known articles found by the words of their records"
    assert check.told[2].startswith("7 by keywords only, that livingsearch.samples assigned: Cawood 2012, ")


def test_an_article_has_its_records_of_all_sources(finished: LivingReview) -> None:
    barr = article(check_known(finished.context()), "Using Peer Workers")
    assert [record.source for record in barr.records] == [
        "medline-ovid",
        "medline-ovid",
        "psycinfo-ovid",
        "cinahl-ebsco",
        "pubmed",
    ]
    assert barr.told == ("Barr 2020 is found by its title in medline-ovid, psycinfo-ovid, cinahl-ebsco, pubmed",), (
        "in each of them"
    )


def test_what_only_keywords_find_is_told_with_whose_they_are(finished: LivingReview) -> None:
    check = check_known(finished.context())
    cawood = article(check, "Moving to the Other Side")
    assert cawood.told == (
        "Cawood 2012 is found by its keywords only in psycinfo-ovid, that livingsearch.samples assigned "
        "(Personality Disorders; Peer Relations): neither title nor abstract has a word of "
        "concept 2 (Personality disorder)",
    )
    assert check.told[2].startswith("7 by keywords only, that livingsearch.samples assigned: ")


def test_without_records_titles_alone_are_judged(tmp_path: Path) -> None:
    check = check_known(made_in(tmp_path / "workspace").context())
    assert (check.found, len(check.absent)) == (0, 13)
    assert check.told[0] == "0 of 13 known articles found by the words of their records"
    barr, cawood = check.articles[0], article(check, "Moving to")
    assert (barr.outcome, cawood.outcome) == ("found", "missed")
    assert barr.told == (
        "“Using Peer Workers With Lived Experience to Support …” is not among the records: nothing to judge but its "
        "title from review.toml",
        "The title alone has a word of every concept",
    )
    assert cawood.told[1].startswith(
        'Its title alone misses concept 2 (Personality disorder): no word of "personality disorder$", '
        '"complex emotional needs$" in its title'
    )


def test_a_missed_article_is_told_with_its_concept(tmp_path: Path) -> None:
    living = with_medline(tmp_path, ("KW  - *Personality Disorders\n", "KW  - *Emotional Regulation\n"))
    check = check_known(living.context())
    assert {a.name for a in check.missed} == {"Mahlke 2017", "Jewell 2022"}
    jewell = article(check, "Evaluation of a Skills-Based")
    assert jewell.told == (
        'Jewell 2022 in medline-ovid misses concept 2 (Personality disorder): no word of "personality disorder$", '
        '"complex emotional needs$" in its title or keywords (it has no abstract); it does say “emotional” (keywords)',
    )
    assert "2 missed: Jewell 2022, Mahlke 2017" in check.told


def test_an_abstract_is_looked_at_before_keywords(tmp_path: Path) -> None:
    title = (
        "T1  - Evaluation of a skills-based peer-led art therapy online-group for people with emotion dysregulation.\n"
    )
    living = with_medline(tmp_path, (title, title + "N2  - For people with complex emotional needs.\n"))
    jewell = article(check_known(living.context()), "Evaluation of a Skills-Based")
    assert (jewell.outcome, jewell.through) == ("found", "abstract")


def test_fields_of_the_review_decide(tmp_path: Path) -> None:
    fields = (('"abstract", "author_keywords"]', '"abstract"]'),)
    check = check_known(with_medline(tmp_path, review=fields).context())
    assert check.by_keywords_only == ()
    assert "Jewell 2022" in {a.name for a in check.missed}


def test_a_record_with_another_doi_is_another_article(tmp_path: Path) -> None:
    living = with_medline(tmp_path, ("10.1186/s40479-022-00203-y", "10.1186/another"))
    assert article(check_known(living.context()), "Evaluation of a Skills-Based").judged_by == "title"
    again = with_medline(
        tmp_path / "again",
        ("10.1186/s40479-022-00203-y", "10.1186/another"),
        review=(('doi = "10.1186/s40479-022-00203-y"', ""),),
    )
    assert article(check_known(again.context()), "Evaluation of a Skills-Based").judged_by == "records"


def test_the_latest_version_of_a_record_counts(tmp_path: Path) -> None:
    living = with_medline(tmp_path, ("KW  - *Personality Disorders\n", "KW  - *Emotional Regulation\n"))
    assert article(check_known(living.context()), "Evaluation of a Skills-Based").outcome == "missed"
    living.import_wave("base", only=("medline-ovid",))
    jewell = article(check_known(living.context()), "Evaluation of a Skills-Based")
    assert (jewell.outcome, len(jewell.records)) == ("found", 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"text": "(peer$"}, "never closed"), ({"syntax": "embase"}, "cannot be read"), ({"text": "peer$.tii."}, "tii")],
)
def test_a_search_that_cannot_be_read(tmp_path: Path, change: dict[str, str], message: str) -> None:
    context = made_in(tmp_path / "workspace").context()
    review = replace(context.review, search=context.review.search.model_copy(update=change))
    with pytest.raises((SearchTextError, SearchUnreadable), match=message):
        check_known(replace(context, review=review))


def test_a_review_without_known_articles(tmp_path: Path) -> None:
    living = made_in(tmp_path / "workspace")
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("[[known]]")], "utf-8")
    check = check_known(living.context())
    assert (check.articles, check.found) == ((), 0)
    assert "names no known articles" in check.told[0]
