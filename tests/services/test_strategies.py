"""Versions of a review's strategy: recorded with the first run under them, told apart, kept for ever."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from changed_strategy import NARROWER, WIDER, Edit, brought, edit, numbers, put, revised, said, version_of
from living import EXPORTS, SAMPLES, SEARCHED, LivingReview, made_in

from livingsearch.services.imports import import_export
from livingsearch.services.strategies import (
    current_version,
    strategy_difference,
    strategy_history,
)
from livingsearch.services.strategy_versions import FIRST, NO_REASON


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    """The example review, nothing behind its PubMed."""
    return made_in(tmp_path / "workspace")


def test_init_records_the_first_version(living: LivingReview) -> None:
    (first,) = strategy_history(living.context())
    assert (first.number, first.author, first.reason, first.reason_given) == (1, "test", FIRST, True)
    assert first.strategy.text == living.context().review.search.text
    assert {s.slug for s in first.strategy.sources} == {s.slug for s in living.context().review.sources}
    assert first.review_sha256 == living.context().review.sha256
    assert (first.uses, first.runs) == ((), 0)
    json.dumps(asdict(first), default=str)


SAME: dict[str, Edit] = {
    "comment": put("schema = 1", "# a note\nschema = 1"),
    "title": put('title = "Implementation', 'title = "The implementation'),
    "contact": put("librarian@example.org", "another@example.org"),
    "schedule": put('"0 6 1 * *"', '"0 7 1 * *"'),
    "how long to wait": put("wait_days = 14", "wait_days = 21"),
    "known article": put("[[known]]", '[[known]]\ntitle = "One more"\n\n[[known]]'),
    "framing": put("SPIDER. ", "SPIDER: "),
    "white space behind the query": put("[tiab])\n'''", "[tiab])   \n'''"),
    "order of fields": put('["title", "abstract", "author_keywords"]', '["abstract", "title", "author_keywords"]'),
    "revision alone": revised("Words without a change"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_does_not_belong_to_the_strategy_makes_no_version(change: Edit, living: LivingReview) -> None:
    edit(living, change)
    result = brought(living, "cinahl-ebsco")
    assert numbers(living) == [1]
    assert said(result) == []


def test_the_order_of_sources_makes_no_version(living: LivingReview) -> None:
    def swapped(text: str) -> str:
        start, middle, end = text.index('[[source]]\nslug = "pubmed"'), text.index('[[source]]\nslug = "medline'), 0
        end = text.index('[[source]]\nslug = "embase')
        return text[:start] + text[middle:end] + text[start:middle] + text[end:]

    edit(living, swapped)
    assert living.context().review.sources[0].slug == "medline-ovid"
    brought(living, "cinahl-ebsco")
    assert numbers(living) == [1]


def without_preferred(text: str) -> str:
    return re.sub(r"preferred = .*\n", "", text)


def with_a_query(text: str) -> str:
    """MEDLINE's query written down: a documented search that cannot be read cannot be translated."""
    return put('platform = "Ovid"\n', "platform = \"Ovid\"\nquery = 'peer$.ti,ab.'\n")(text)


OTHER: dict[str, tuple[Edit, str, str]] = {
    "documented text": (
        put("('peer$' OR", "('peer$' OR 'mentor$' OR"),
        "documented search: added ",
        "+  ('peer$' OR 'mentor$'",
    ),
    "syntax": (
        lambda text: put('"ovid"', '"other"')(with_a_query(text)),
        "now in the syntax other",
        "+Documented search (other)",
    ),
    "fields": (
        put('["title", "abstract", "author_keywords"]', '["title"]'),
        "removed abstract, author keywords",
        "+Fields: title",
    ),
    "from": (
        put('from = "inception"', "from = 2000-01-01"),
        "from 2000-01-01 instead of inception",
        "+From: 2000-01-01",
    ),
    "to": (put("to = 2025-08-15", "to = 2026-01-15"), "to 2026-01-15 instead of 2025-08-15", "+To: 2026-01-15"),
    "languages": (put('= ["English"]', '= ["English", "German"]'), "added German", "+Languages: English, German"),
    "term of a concept": (WIDER, "Concept “Peer support”: added lived experience$", "+  lived experience$"),
    "limit": (put('what = "English"', 'what = "German"'), "Limit “German” is new", "+Limit: German"),
    "name": (put('name = "CINAHL"', 'name = "CINAHL+"'), "its name is now CINAHL+", "+  CINAHL+: CINAHL on EBSCOhost"),
    "database": (
        put('= "CINAHL"\nplatform', '= "CINAHL Ultimate"\nplatform'),
        "Ultimate",
        "+  CINAHL: CINAHL Ultimate",
    ),
    "query": (
        put("(peer*[tiab] OR", "(peer*[tiab] OR mentor*[tiab] OR"),
        "PubMed (NCBI): added mentor*",
        "+  (peer*[tiab] OR m",
    ),
    "database of the documented search": (
        put('# database = "Embase" ', 'database = "Embase" # '),
        "now written for: Embase",
        "+Documented search (ovid, Embase)",
    ),
    "slug": (put('slug = "embase-ovid"', 'slug = "embase"'), "embase-ovid is now called embase", "+Source: embase"),
}


@pytest.mark.parametrize(("change", "words", "line"), OTHER.values(), ids=OTHER)
def test_what_belongs_to_the_strategy_makes_a_version(
    change: Edit, words: str, line: str, living: LivingReview
) -> None:
    edit(living, change, without_preferred)
    assert numbers(living) == [1], "a file that nothing was run with is no version yet"
    told = strategy_difference(living.context(), 1)
    assert (told.before, told.after) == ("version 1", "review.toml as it stands")
    assert words in " ".join(one.sentence for one in told.changes)
    assert any(one.startswith(line) for one in told.text.splitlines()), told.text
    brought(living, "medline-ovid")
    assert numbers(living) == [1, 2]
    assert strategy_difference(living.context(), 2).changes == ()
    assert strategy_difference(living.context(), 1, 2).changes == told.changes


def test_the_reason_is_that_of_the_file(living: LivingReview) -> None:
    edit(living, WIDER, revised("Lived experience was missing"))
    result = brought(living, "medline-ovid")
    second = current_version(living.context())
    assert second is not None
    assert (second.author, second.reason, second.reason_given) == ("A. Librarian", "Lived experience was missing", True)
    assert said(result) == []
    assert second.uses[0].runs == (result.run_id,)


def test_an_export_is_taken_again_where_its_query_was_corrected(living: LivingReview) -> None:
    first = brought(living, "embase-ovid")
    assert brought(living, "embase-ovid").repeated
    edit(living, put("query = '''\n((peer$", "query = '''\n((mentor$ or peer$"), revised("Mentors were missing"))
    again = brought(living, "embase-ovid")
    assert not again.repeated
    assert version_of(living) == {first.run_id: 1, again.run_id: 2}


def test_what_is_said_of_a_reason_is_as_it_stands_now(living: LivingReview) -> None:
    edit(living, WIDER)
    assert said(brought(living, "medline-ovid"))
    edit(living, revised("Said too late"))
    assert said(brought(living, "embase-ovid")) == []
    assert said(brought(living, "medline-ovid")) == [], "the same run, told again"
    with living.context().store.read() as con:
        kept = con.execute("SELECT list_distinct(flatten(list(warnings))) FROM run").fetchone()
    assert kept is not None
    assert not [warning for warning in kept[0] if "the strategy" in warning], "they are not the platform's"


def test_without_a_reason_every_run_says_so_until_it_is_given(living: LivingReview) -> None:
    edit(living, WIDER)
    for source in ("medline-ovid", "embase-ovid"):
        (warning,) = said(brought(living, source))
        assert warning.startswith("NO REASON IS GIVEN for version 2 of the strategy")
        assert "[search.revision]" in warning
    second = current_version(living.context())
    assert second is not None
    assert (second.author, second.reason, second.reason_given) == ("test", NO_REASON, False)
    edit(living, revised("Said too late, but said"))
    assert said(brought(living, "psycinfo-ovid")) == []
    given = current_version(living.context())
    assert given is not None
    assert (given.number, given.author, given.reason) == (2, "A. Librarian", "Said too late, but said")
    assert given.instant == second.instant
    assert given.reason_instant is not None
    assert given.reason_instant > given.instant


@pytest.mark.parametrize("again", ["The first reason", "  the FIRST   reason "])
def test_a_reason_serves_for_one_version_only(again: str, living: LivingReview) -> None:
    edit(living, WIDER, revised("The first reason"))
    assert said(brought(living, "medline-ovid")) == []
    edit(living, put("to = 2025-08-15", "to = 2026-01-15"), revised(again, "Somebody else"))
    assert "NO REASON" in said(brought(living, "embase-ovid"))[0]
    assert [v.reason for v in strategy_history(living.context())] == [FIRST, "The first reason", NO_REASON]
    edit(living, put("to = 2026-01-15", "to = 2026-02-15"), revised("The second reason"))
    brought(living, "psycinfo-ovid")
    assert [v.reason for v in strategy_history(living.context())] == [
        FIRST,
        "The first reason",
        NO_REASON,
        "The second reason",
    ]


def test_a_strategy_taken_back_is_a_version_of_its_own(living: LivingReview) -> None:
    brought(living, "medline-ovid")
    edit(living, WIDER, revised("Wider"))
    brought(living, "embase-ovid")
    edit(living, NARROWER, revised("Too many records"))
    brought(living, "psycinfo-ovid")
    first, _, third = strategy_history(living.context())
    assert first.sha256 == third.sha256
    assert version_of(living) == {1: 1, 2: 2, 3: 3}
    assert strategy_difference(living.context(), 1, 3).changes == ()


def test_work_that_began_before_a_change_does_not_take_it_back(living: LivingReview) -> None:
    early = living.context()
    edit(living, WIDER, revised("Wider"))
    brought(living, "medline-ovid")
    file = SAMPLES / "base" / EXPORTS["embase-ovid"]
    import_export(early, "embase-ovid", [file], date_searched=SEARCHED["base"])
    assert numbers(living) == [1, 2]
    assert version_of(living) == {1: 2, 2: 1}
