"""What people said, as each tool writes it."""

import json

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.exports import TOOLS
from livingsearch.exports.back import DECISIONS, Reference, fields_of, list_named, screened, tool_of
from livingsearch.exports.back.decisions import Screened, Vote
from livingsearch.exports.back.titles import normal_title, same_first_author

OURS = "recid:R000001 | update: 1 | pmid: 3 | sources: PubMed (NCBI); Embase (Ovid)"


def reference(*fields: tuple[str, str]) -> Reference:
    return Reference(1, "ris", json.dumps(fields), fields)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ('RAYYAN-INCLUSION: {"Emily"=>"Included"}', Screened("included", votes=(Vote("Emily", "included"),))),
        (
            'RAYYAN-INCLUSION: {"Ann"=>"Excluded", "Bo D."=>"Excluded"} | RAYYAN-LABELS: ML,Hospital | '
            'RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {"Ann"=>["see: p. 3", "again"]}',
            Screened(
                "excluded",
                "wrong population,foreign language",
                ("Ann: see: p. 3", "Ann: again"),
                (Vote("Ann", "excluded"), Vote("Bo D.", "excluded")),
                ("ML", "Hospital"),
            ),
        ),
        (
            'RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Excluded"}',
            Screened("conflict", votes=(Vote("A", "included"), Vote("B", "excluded"))),
        ),
        (
            'RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Maybe"}',
            Screened("conflict", votes=(Vote("A", "included"), Vote("B", "maybe"))),
        ),
        (
            'a note of the database | RAYYAN-INCLUSION: {"A \\"x\\" | b"=>"Maybe"}',
            Screened("maybe", notes=("a note of the database",), votes=(Vote('A \\"x\\" | b', "maybe"),)),
        ),
        ("RAYYAN-LABELS: later", Screened(labels=("later",))),
        ("RAYYAN-INCLUSION: {}", Screened()),
        ("RAYYAN-INCLUSION: nonsense {{{ =>", Screened()),
    ],
)
@pytest.mark.parametrize("joined", [True, False])
def test_rayyan(note: str, said: Screened, joined: bool) -> None:
    fields = [("N1", f"{OURS} | {note}")] if joined else [*(("N1", one) for one in OURS.split(" | ")), ("N1", note)]
    assert screened(reference(*fields), "rayyan") == said
    if said.decision:
        assert screened(reference(*fields), "zotero") == said, "a manager keeps Rayyan's notes"
    assert tool_of([reference(*fields)], None, "x.ris") == "rayyan"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ((("asreview_label", "1"),), Screened("included")),
        ((("asreview_label", "0.0"), ("asreview_note", "no peers")), Screened("excluded", notes=("no peers",))),
        (
            (("asreview_label", "1"), ("asreview_user_name", "Ann"), ("notes", f"{OURS} | kept")),
            Screened("included", notes=("kept",), votes=(Vote("Ann", "included"),)),
        ),
        ((("asreview_label", ""), ("asreview_time", "x")), Screened()),
        ((("included", "0"), ("exported_notes_1", "y"), ("asreview_ranking", "3")), Screened("excluded", notes=("y",))),
        ((("included", "-1"), ("asreview_ranking", "3")), Screened()),
        ((("N1", "ASReview_relevant"), ("N1", "recid:R000001")), Screened("included")),
        ((("N1", "ASReview_irrelevant"), ("N1", "mine")), Screened("excluded", notes=("mine",))),
        ((("N1", "ASReview_not_seen"),), Screened()),
        ((("N1", "ASReview_relevant | ASReview_irrelevant"),), Screened("conflict")),
    ],
)  # fmt: skip
def test_asreview(fields: tuple[tuple[str, str], ...], said: Screened) -> None:
    assert screened(reference(*fields), "asreview") == said
    assert tool_of([reference(*fields)], None, "x.csv") == "asreview"


@pytest.mark.parametrize(
    ("file", "named", "decision", "stage"),
    [
        ("review_283729_included_csv_20240320131744.csv", "included", "included", "full text"),
        ("review_211650_irrelevant_csv_20240303130132.csv", "irrelevant", "excluded", "title and abstract"),
        ("reinfection_review_211650_excluded_csv_20240303130126.csv", "excluded", "excluded", "full text"),
        ("review_59500_select_csv_20190925102202.csv", "select", "included", "title and abstract"),
        ("review_1_screen_ris_20240101.ris", "screen", None, "title and abstract"),
        ("studies_excluded_by_hand.csv", None, None, None),
    ],
)
def test_the_list_of_covidence_is_the_file(
    file: str, named: str | None, decision: str | None, stage: str | None
) -> None:
    assert list_named(file) == named
    said = screened(reference(("Title", "x"), ("Notes", "")), "covidence", named)
    assert (said.decision, said.stage) == (decision, stage)


def test_the_reason_and_tags_of_covidence() -> None:
    row = reference(
        ("Notes", "Exclusion reason: Wrong outcomes; Ann: see p. 3\n" + OURS), ("Tags", "a; b"), ("Covidence #", "#7")
    )
    said = screened(row, "covidence", "excluded")
    assert (said.decision, said.reason, said.labels) == ("excluded", "Wrong outcomes", ("a", "b"))
    assert said.notes == ("Exclusion reason: Wrong outcomes; Ann: see p. 3",)
    assert tool_of([row], None, "x.csv") == "covidence"


@pytest.mark.parametrize(
    ("words", "decision", "reason"),
    [
        (["eppi-reviewer", "dinosaur"], None, None),
        (["EXCLUDE on date", "eppi-reviewer"], "excluded", "on date"),
        (["INCLUDE on title & abstract"], "included", None),
        (["INCLUDE", "EXCLUDE: language"], "conflict", "language"),
        (["Excluded populations", "include"], None, None),
    ],
)
def test_codes_of_eppi_reviewer(words: list[str], decision: str | None, reason: str | None) -> None:
    said = screened(reference(*(("KW", word) for word in words)), "eppi-reviewer")
    assert (said.decision, said.reason) == (decision, reason)
    assert tool_of([], "eppi", "x.ris") == "eppi-reviewer"


def test_answers_of_distillersr() -> None:
    row = reference(
        ("Refid", "7"), ("User", "ann"), ("Include?", "No"), ("Exclusion reason", "design"), ("Comments", "c")
    )
    assert tool_of([row], None, "x.csv") == "distillersr"
    assert screened(row, "distillersr") == Screened("excluded", "design", ("c",), (Vote("ann", "excluded"),))


def test_a_manager_says_nothing_but_the_person_may() -> None:
    one = reference(("N1", "<p>recid:R000001</p>"), ("N1", "<p>read this</p>"))
    assert screened(one, "zotero") == Screened(notes=("read this",))
    assert screened(one, "zotero", "included").decision == "included"
    assert screened(one, "zotero", "irrelevant") == Screened(
        "excluded", None, ("read this",), stage="title and abstract"
    )
    assert screened(one, None, "included").stage is None
    assert screened(one, "covidence", "included").stage == "full text"
    assert screened(one, "covidence", "maybe").decision == "maybe"
    voted = reference(("N1", 'RAYYAN-INCLUSION: {"A"=>"Excluded"}'))
    assert screened(voted, "rayyan", "included").decision == "excluded", "what the file says itself comes first"


MARKS = (
    "RAYYAN-INCLUSION: {",
    '"A"=>"Included"',
    " | ",
    "USER-NOTES:",
    "ASReview_relevant",
    "<p>",
    "recid:R000001",
    "\\",
)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("N1", "notes", "KW", "included", "asreview_label", "Tags", "Include?", "User", "Refid")),
            st.lists(st.sampled_from(MARKS) | st.text(max_size=8), max_size=8).map("".join),
        ),
        max_size=5,
    ),
    st.sampled_from((*TOOLS, None)),
)
def test_nothing_that_a_file_may_say_breaks_the_reading(fields: list[tuple[str, str]], tool: str | None) -> None:
    said = screened(reference(*fields), tool)
    assert said.decision in (*DECISIONS, None)
    assert all(vote.decision in DECISIONS[:3] or vote.decision == "conflict" for vote in said.votes)
    tool_of([reference(*fields)], None, "x")


def test_hostile_lengths_are_read_at_once() -> None:
    long = 300_000
    for note in ('"' * long, "RAYYAN-INCLUSION: {" + '"a' * long, "</p>" + " " * long + "x", "USER-NOTES:" * 30_000):
        screened(reference(("N1", note)), "rayyan")
    assert fields_of("<a>" * 20_000 + "</a>" * 20_000)[0][0] == ""
    assert fields_of("[" * 20_000)[0][0] == ""
    assert same_first_author(("A " * long + "x",), ("B, C",)) is None
    assert len(normal_title("a" * long)) <= 1_000


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        ('[["TI", "a"], ["KW", "b"], ["KW", "c"]]', (("TI", "a"), ("KW", "b"), ("KW", "c"))),
        ('{"Title": "a", "Year": 2020, "Empty": null}', (("Title", "a"), ("Year", "2020"))),
        (
            "<record><titles><title><style>A &amp; B</style></title></titles><label>R1</label></record>",
            (("title", "A & B"), ("label", "R1")),
        ),
        ("neither [", (("", "neither ["),)),
        ('["a", "b"]', (("", '["a", "b"]'),)),
        ('<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', (("", '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'),)),
    ],
)
def test_fields_of_a_payload(payload: str, fields: tuple[tuple[str, str], ...]) -> None:
    assert fields_of(payload) == fields
