"""Review files that cannot be used: which line, which field, and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from valid_review import VALID, put, write

from livingsearch.errors import ReviewFileError
from livingsearch.review.model import (
    About,
    Concept,
    DeclaredSource,
    File,
    Known,
    Limit,
    PeerReview,
    Revision,
    Search,
)
from livingsearch.review.problems import _EXAMPLES
from livingsearch.review.reader import MAX_BYTES, read_review

BROKEN: list[tuple[str, Callable[[str], str], int | None, str, list[str]]] = [
    ("no quotes", put('"small"', "small"), 3, "", ["not TOML at column 8", "Invalid value"]),
    ("unclosed string", put('"A small review"', '"A small review'), 4, "", ["not TOML"]),
    ("unclosed list", put('pmid = "123"\n', "more = [1,\n"), 51, "", ["not TOML"]),
    ("field twice", put('version = "1"', 'slug = "x"'), 5, "", ["not TOML", "Cannot overwrite"]),
    ("schema of tomorrow", put("schema = 1", "schema = 2"), 1, "schema", ["2 is not allowed", "expected: 1"]),
    ("no schema", put("schema = 1\n", ""), None, "schema", ["is missing"]),
    ("no review table", put("[review]", "[reviews]"), 2, "reviews", ['did you mean "review"?', "1 more problem "]),
    ("no source", lambda t: t[: t.index("[[source]]")], None, "source", ["is missing", "[[source]]"]),
    ("empty source", lambda t: "source = []\n" + t[: t.index("[[source]]")], 1, "source", ["at least one [[source]]"]),
    (
        "single bracket",
        lambda t: put("[[source]]", "[source]")(t[: t.index("[[source]]", t.index("[[source]]") + 1)]),
        24,
        "source",
        ["is a single table; write [[source]], with two brackets"],
    ),
    ("unknown field", put("wait_days", "wait_day"), 42, "source[2].wait_day", ['did you mean "wait_days"?']),
    ("unknown table", put("[publish]", "[deploy]"), 46, "deploy", ["allowed: schema, review, search, source, dedup"]),
    ("field of another table", put("[publish]", "[publish]\nquery = 1"), 47, "publish.query", ["allowed: approval"]),
    ("missing contact", put('contact = "someone@example.org"\n', ""), 2, "review.contact", ["is missing"]),
    (
        "no query and a syntax that cannot be read",
        lambda t: put('"ovid"', '"embase"')(put('query = "peer$.ti,ab."\n', "")(t)),
        33,
        "source[2].query",
        ['is missing, and the documented search is in the syntax "embase"', "Ovid, PubMed, EBSCOhost can; write query"],
    ),
    (
        "no query and a search that cannot be read",
        lambda t: put("peer$ and\n", "peer$ and or\n")(put('query = "peer$.ti,ab."\n', "")(t)),
        33,
        "source[2].query",
        ["is missing, and the documented search cannot be read (line 1, column ", "; write query"],
    ),
    (
        "no query and an unknown platform",
        lambda t: put('"Ovid"', '"Dialog"')(put('query = "peer$.ti,ab."\n', "")(t)),
        33,
        "source[2].query",
        ['no search can be written for the platform "Dialog", only for Ovid, PubMed', "; write query"],
    ),
    (
        "no query and something to settle",
        lambda t: put("peer$ and\n", "exp Peer Group/ and\n")(put('query = "peer$.ti,ab."\n', "")(t)),
        33,
        "source[2].query",
        ["a person has to settle 1 part of the translation for Embase on Ovid", "; write query"],
    ),
    (
        "no query for two sources",
        lambda t: put('"ovid"', '"other"')(put('query = "peer*[tiab]"\n', "")(put('query = "peer$.ti,ab."\n', "")(t))),
        24,
        "source[1].query",
        ["write query (1 more problem in this file)"],
    ),
    ("translated in the file", put("wait_days = 30", "translated = true"), 42, "source[2].translated", ["is no field"]),
    (
        "revision without a reason",
        put("[[source]]", '[search.revision]\nauthor = "X"\n[[source]]'),
        24,
        "search.revision.reason",
        ["is missing", "reason ="],
    ),
    ("missing from", put('from = "inception"\n', ""), 9, "search.from", ["is missing"]),
    ("bad contact", put("someone@example.org", "someone"), 6, "review.contact", ['"someone" is not an e-mail address']),
    ("bad zone", put("Europe/Berlin", "Europe/Berlim"), 7, "review.time_zone", ['did you mean "Europe/Berlin"?']),
    ("zone is a folder", put("Europe/Berlin", "America"), 7, "review.time_zone", ["is no time zone"]),
    ("zone is a path", put("Europe/Berlin", "../../etc/passwd"), 7, "review.time_zone", ["is no time zone"]),
    ("slug with capitals", put('"small"', '"Small Review"'), 3, "review.slug", ["lower-case letters"]),
    ("slug leaves its folder", put('"small"', '"../up"'), 3, "review.slug", ['"../up" is not allowed']),
    ("title of two lines", put('"A small review"', '"A\\nsmall"'), 4, "review.title", ["must be one line"]),
    ("title is a number", put('"A small review"', "12"), 4, "review.title", ["is the number 12; text in quotation"]),
    ("blank version", put('version = "1"', 'version = " "'), 5, "review.version", ["is empty"]),
    (
        "base_url without https",
        put('version = "1"', 'version = "1"\nbase_url = "www.x.org"'),
        6,
        "review.base_url",
        ['"www.x.org" is not allowed', "https://"],
    ),
    ("unknown syntax", put('"ovid"', '"ovit"'), 14, "search.syntax", ['did you mean "ovid"?', "ebsco, embase, other"]),
    ("unknown search field", put('"abstract"', '"abstracts"'), 15, "search.fields[2]", ['did you mean "abstract"?']),
    ("from is a word", put('"inception"', '"the start"'), 16, "search.from", ['"inception" or a date']),
    ("to is no day", put("2025-08-15", '"2025-02-30"'), 17, "search.to", ["a date is expected, e.g. 2025-08-15"]),
    ("to before from", put('"inception"', "2026-01-01"), 17, "search.to", ["2025-08-15 is before from = 2026-01-01"]),
    ("term is a number", put('"expert patient$"', "7"), 22, "search.concepts[1].terms[2]", ["is the number 7"]),
    (
        "terms no list",
        put('terms = [\n  "peer$",\n  "expert patient$",\n]', 'terms = "peer$"'),
        20,
        "search.concepts[1].terms",
        ["is the text", "a list in square brackets"],
    ),
    (
        "concept as a table",
        put("[[search.concepts]]", "[search.concepts]"),
        18,
        "search.concepts",
        ["write [[search.concepts]]"],
    ),
    (
        "unknown in concept",
        put('name = "Peers"', 'named = "Peers"'),
        19,
        "search.concepts[1].named",
        ['did you mean "name"?'],
    ),
    (
        "unbalanced text",
        put('"personality disorder$"', '("personality disorder$"'),
        12,
        "search.text",
        ["bracket (", "line 2, column 1 of the search"],
    ),
    ("unbalanced query", put("peer$.ti,ab.", "peer$.ti,ab.)"), 40, "source[2].query", ["bracket )", "column 13"]),
    ("unclosed quote in query", put('"peer*[tiab]"', "'\"peer*[tiab]'"), 31, "source[1].query", ["quotation mark"]),
    ("empty query", put('"peer*[tiab]"', '"  "'), 31, "source[1].query", ["is empty"]),
    (
        "slug twice",
        put('"embase-ovid"', '"pubmed"'),
        34,
        "source[2].slug",
        ["slug of an earlier source", "1 more problem "],
    ),
    (
        "unknown kind",
        put('"database"', '"databse"', 2),
        36,
        "source[2].kind",
        ['did you mean "database"?', "database, register"],
    ),
    ("unknown connector", put('"file"', '"scopus"'), 39, "source[2].connector", ["allowed: entrez, europepmc, file"]),
    (
        "bad minute",
        put("0 6 1 * *", "61 6 1 * *"),
        32,
        "source[1].schedule",
        ["no schedule (bad minute)", "five fields"],
    ),
    ("six fields", put("0 6 1 * *", "0 0 6 1 * *"), 32, "source[1].schedule", ["five fields"]),
    ("shortcut", put("0 6 1 * *", "@monthly"), 32, "source[1].schedule", ["five fields"]),
    ("never due", put("0 6 1 * *", "0 6 30 2 *"), 32, "source[1].schedule", ["source", "schedule"]),
    (
        "wait too long",
        put("wait_days = 30", "wait_days = 366"),
        42,
        "source[2].wait_days",
        ["366 is not allowed; 0 to 365"],
    ),
    (
        "wait as text",
        put("wait_days = 30", 'wait_days = "30"'),
        42,
        "source[2].wait_days",
        ["a whole number is expected"],
    ),
    ("wait as truth", put("wait_days = 30", "wait_days = true"), 42, "source[2].wait_days", ["true without quotation"]),
    (
        "wait without end",
        put("wait_days = 30", "wait_days = 0x" + "f" * 5000),
        42,
        "source[2].wait_days",
        ["so long a number"],
    ),
    (
        "warning form",
        put('"FieldNotFound"', '"field not found"'),
        43,
        "source[2].accepted_warnings[1]",
        ["QuotedPhraseNotFound"],
    ),
    (
        "preferred unknown",
        put('"embase-ovid"]', '"embase"]'),
        45,
        "dedup.preferred[2]",
        ['"embase" is no source', 'did you mean "embase-ovid"?'],
    ),
    ("preferred twice", put('"embase-ovid"]', '"pubmed"]'), 45, "dedup.preferred[2]", ["named twice"]),
    (
        "approval as text",
        put("approval = false", 'approval = "no"'),
        47,
        "publish.approval",
        ["true or false is expected"],
    ),
    ("known without title", put('title = "An article"\n', ""), 48, "known[1].title", ["is missing"]),
    ("doi as address", put("10.1000/ABC", "https://doi.org/10.1000/ABC"), 50, "known[1].doi", ["write it bare"]),
    (
        "pmid as number",
        put('pmid = "123"', "pmid = 123"),
        51,
        "known[1].pmid",
        ["the number 123; text in quotation marks"],
    ),
    ("pmid with letters", put('pmid = "123"', 'pmid = "PMC123"'), 51, "known[1].pmid", ["is no PMID"]),
    ("known as dates", put("[[known]]", "[[known]]\nsince = 1"), 49, "known[1].since", ["allowed: title, doi, pmid"]),
    ("deep", put("schema = 1", "schema = " + "[" * 900 + "]" * 900), None, "", ["too deep"]),
    ("long number", put("schema = 1", "schema = " + "1" * 5000), None, "", ["not TOML"]),
    (
        "peer review",
        put("[[source]]", '[search.peer_review]\nwho = "X"\nwhen = 2025-06-01\n[[source]]'),
        24,
        "search.peer_review.method",
        ["is missing"],
    ),
]


@pytest.mark.parametrize(
    ("change", "line", "field", "words"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN]
)
def test_broken_file(
    tmp_path: Path, change: Callable[[str], str], line: int | None, field: str, words: list[str]
) -> None:
    path = write(tmp_path, change(VALID))
    with pytest.raises(ReviewFileError) as caught:
        read_review(path)
    assert (caught.value.line, caught.value.field) == (line, field)
    for part in words:
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value).removeprefix(str(path))) < 600


def test_broken_file_with_windows_line_ends(tmp_path: Path) -> None:
    broken = put("0 6 1 * *", "61 6 1 * *")(VALID)
    with pytest.raises(ReviewFileError) as caught:
        read_review(write(tmp_path, broken.replace("\n", "\r\n")))
    assert (caught.value.line, caught.value.field) == (32, "source[1].schedule")


def test_messages_hold_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    for text in (
        put('"small"', '"x\\u001b[31m\\n"')(VALID),
        put("wait_days", '"wait\\u001b\\n_days\\u202e"')(VALID),
        put('"ovid"', '"ov\\u0000id"')(VALID),
        put("preferred = [", 'preferred = [\n"a",')(VALID),
    ):
        with pytest.raises(ReviewFileError) as caught:
            read_review(write(tmp_path, text))
        assert str(caught.value).isprintable()


def test_every_field_that_must_be_there_has_an_example() -> None:
    required = set()
    for path, model in (
        ((), File),
        (("review",), About),
        (("search",), Search),
        (("search", "concepts"), Concept),
        (("search", "limits"), Limit),
        (("search", "peer_review"), PeerReview),
        (("search", "revision"), Revision),
        (("source",), DeclaredSource),
        (("known",), Known),
    ):
        required |= {(*path, f.alias or name) for name, f in model.model_fields.items() if f.is_required()}
    assert required - {("review",), ("search",), ("source",)} == set(_EXAMPLES)


def test_first_problem_in_the_files_order_and_how_many_more(tmp_path: Path) -> None:
    text = put('"An article"', "1")(put("Europe/Berlin", "Nowhere")(put("wait_days = 30", "wait_days = -1")(VALID)))
    with pytest.raises(ReviewFileError, match=r"\(2 more problems in this file\)") as caught:
        read_review(write(tmp_path, text))
    assert caught.value.line == 7


def test_files_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(ReviewFileError, match="no such file"):
        read_review(tmp_path / "review.toml")
    with pytest.raises(ReviewFileError, match="cannot be read"):
        read_review(tmp_path)
    with pytest.raises(ReviewFileError, match="larger than 1,000,000 bytes"):
        read_review(write(tmp_path, b"#" * (MAX_BYTES + 1)))
    with pytest.raises(ReviewFileError, match="not UTF-8") as caught:
        read_review(write(tmp_path, VALID.replace("A small", "A sm\u00e4ll").encode("latin-1")))
    assert caught.value.line == 4
    with pytest.raises(ReviewFileError, match="not TOML"):
        read_review(write(tmp_path, "\x00"))
