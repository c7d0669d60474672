"""What is said about the terms of one list: needless ones, missing forms, stems that reach too far."""

import pytest
from lint_searches import findings_of, leaf, lines_of, one_of, search_of, word

from livingsearch.strategy.tree import And, LineRef, Near, Not, Or, Scoped

TITLES = ("title", "abstract")


@pytest.mark.parametrize(
    ("code", "terms", "problematic", "recommended"),
    [
        # Covered by another term.
        ("R001", ("peer$", '"peer support$"'), '"peer support$"', ""),
        ("R001", ('"peer support$"', '"peer support worker$"'), '"peer support worker$"', ""),
        ("R001", ('"personality disorder$"', '"personality disorders"'), '"personality disorders"', ""),
        ("R001", ('"personality disorders"', '"personality disorder$"'), '"personality disorders"', ""),
        ("R001", ("disorder$", '"mood and personality disorders"'), '"mood and personality disorders"', ""),
        ("R001", ("wom#n", "women"), "women", ""),
        ("R001", ("behavio?r$", "behaviours"), "behaviours", ""),
        ("R001", ("behavio?r$", "behavioural$"), "behavioural$", ""),
        ("R001", ("random$", "randomi#ed"), "randomi#ed", ""),
        ("R001", ("patient$1", "patients"), "patients", ""),
        ("R001", ("Peer$", "PEERS"), "PEERS", ""),
        ("R001", ("peer$", "peer-led"), "peer-led", ""),
        ("R001", ("asthma @title,abstract", "asthma @title"), "asthma", ""),
        ("R001", ("asthma @text_word", "asthma @abstract"), "asthma", ""),
        ("R001", ('"work$ engagement$"', '"worker engagements"'), '"worker engagements"', ""),
        # There twice.
        ("R002", ("asthma", "copd", "asthma"), "asthma", ""),
        ("R002", ("Asthma", "asthma"), "asthma", ""),
        ("R002", ('"peer support$"', "x", '"peer support$"'), '"peer support$"', ""),
        # Stop words.
        ("R003", ("with", "asthma"), "with", ""),
        ("R003", ("asthma", '"of the"'), '"of the"', ""),
        # Plural or singular.
        (
            "R005",
            ("'expert by experience$'", "x$"),
            "'expert by experience$'",
            '"expert by experience$" or "experts by experience$"',
        ),
        ("R005", ("patient", "x$"), "patient", "patient or patients"),
        ("R005", ("child", "x$"), "child", "child or children"),
        ("R005", ("women", "x$"), "women", "women or woman"),
        ("R005", ("studies", "x$"), "studies", "studies or study"),
        ("R005", ("diagnosis", "x$"), "diagnosis", "diagnosis or diagnoses"),
        ("R005", ('"support worker"', "x$"), '"support worker"', '"support worker" or "support workers"'),
        ("R005", ("co-worker", "x$"), "co-worker", "co-worker or co-workers"),
        ("R005", ('"emotional needs$"', "x$"), '"emotional needs$"', '"emotional need$"'),
        ("R005", ("children$", "x$"), "children$", "children$ or child"),
        (
            "R005",
            ('"patient with asthma"', "x$"),
            '"patient with asthma"',
            '"patient with asthma" or "patients with asthma"',
        ),
        ("R005", ("patient @title", "patient$ @abstract"), "patient", "patient or patients"),
        ("R005", ("patient",), "patient", "(patient or patients)"),
        # Spelling and joining.
        ("R006", ("behaviour$", "x$"), "behaviour$", "behaviour$ or behavior$"),
        ("R006", ("randomised", "x$"), "randomised", "randomised or randomized"),
        ("R006", ("randomis$", "x$"), "randomis$", "randomis$ or randomiz$"),
        ("R006", ("hospitalization$", "x$"), "hospitalization$", "hospitalization$ or hospitalisation$"),
        ("R006", ("paediatric$", "x$"), "paediatric$", "paediatric$ or pediatric$"),
        ("R006", ("hypoglycemia", "x$"), "hypoglycemia", "hypoglycemia or hypoglycaemia"),
        ("R006", ("tumor$", "x$"), "tumor$", "tumor$ or tumour$"),
        ("R006", ("oedema", "x$"), "oedema", "oedema or edema"),
        ("R006", ("counselling", "x$"), "counselling", "counselling or counseling"),
        ("R006", ('"health centre$"', "x$"), '"health centre$"', '"health centre$" or "health center$"'),
        ("R006", ("e-health", "x$"), "e-health", "e-health or ehealth"),
        ("R006", ("ehealth", "x$"), "ehealth", "ehealth or e-health"),
        (
            "R006",
            ('"health care worker$"', "x$"),
            '"health care worker$"',
            '"health care worker$" or "healthcare worker$"',
        ),
        ("R006", ("non-opioid$", "x$"), "non-opioid$", "non-opioid$ or nonopioid$"),
        ("R006", ("caregiver$", "x$"), "caregiver$", 'caregiver$ or "care giver$"'),
        # Stems that reach too far.
        ("T005", ("rat$", "x$"), "rat$", "rat or rats"),
        ("T005", ("RAT*", "x$"), "RAT*", "rat or rats"),
        ("T005", ("nurs$", "x$"), "nurs$", "nurse or nurses or nursing"),
        ("T005", ("gen$", "x$"), "gen$", "gene or genes or genetic$ or genom$"),
        ("T005", ("cat*",), "cat*", "(cat or cats)"),
        ("T005", ("uni$",), "uni$", ""),
    ],
)
def test_is_said(code: str, terms: tuple[str, ...], problematic: str, recommended: str) -> None:
    search = one_of(*terms)
    (finding,) = findings_of(search, code)
    assert finding.problematic == problematic
    assert search.text[finding.place.start : finding.place.end] == problematic
    assert finding.recommended == recommended


@pytest.mark.parametrize(
    ("code", "terms"),
    [
        ("R001", ("peer$", "expert$")),
        ("R001", ("peers", "peer support$")),
        ("R001", ('"peer support"', '"support of a peer"')),
        ("R001", ("peer", '"peers support"')),
        ("R001", ("peer$ @title", '"peer support" @abstract')),
        ("R001", ("peer$ @title", '"peer support" @title,abstract')),
        ("R001", ("patient$1", "patiently")),
        ("R001", ("wom#n", "women$")),
        ("R001", ("wom?n", "wom#n$")),
        ("R001", ('"peer support"', '"peer-support"')),
        ("R002", ('"peer support"', '"peer-support"')),
        ("R002", ("asthma @title", "asthma @abstract")),
        ("R002", ("asthma", "asthma$")),
        ("R003", ('"quality of life"', "x$")),
        ("R003", ("was$", "x$")),
        ("R005", ("patient", "patients")),
        ("R005", ("patient$", "x$")),
        ("R005", ("patient$1", "x$")),
        ("R005", ("child", "child$")),
        ("R005", ("child", "children")),
        ("R005", ("woman", "wom#n")),
        ("R005", ("asthma", "diabetes", "health", "quality", "news", "series")),
        ("R005", ('"expert by experience$"', '"experts by experience$"')),
        ("R005", ('"expert by experience$"', "expert$")),
        ("R005", ('"quality of life"', "x$")),
        ("R005", ('"patient safety"', "x$")),
        ("R005", ('"expert patient$"', "x$")),
        ("R005", ("patient @journal", "x$")),
        ("R006", ("behaviour$", "behavior$")),
        ("R006", ("behavio?r$", "x$")),
        ("R006", ("behavi$", "behaviour")),
        ("R006", ("randomised", "randomized")),
        ("R006", ("randomised", "randomi#ed")),
        ("R006", ("randomi$", "randomised")),
        ("R006", ("exercise", "supervised", "size", "otherwise", "advertising", "disease", "promising")),
        ("R006", ("colorectal", "laboratory", "chemotherapy", "tumorigenesis", "pneumonia", "parameter")),
        ("R006", ("e-health", "ehealth")),
        ("R006", ("e-health", '"e health"', "ehealth")),
        ("R006", ("ehealth", '"e health"')),
        ("R006", ('"health care"', "healthcare$")),
        ("R006", ('"peer support"', "x$")),
        ("R006", ("peer-support", "x$")),
        ("R006", ("counsel$", "x$")),
        ("R006", ("program$", "x$")),
        ("T005", ("rat", "rats")),
        ("T005", ("rat$1", "x$")),
        ("T005", ('"rat$ model$"', "x$")),
        ("T005", ("therap$", "trial$", "disorder$", "patient$", "random$", "child$")),
        ("T005", ("rat$ @journal", "x$")),
    ],
)
def test_is_not_said(code: str, terms: tuple[str, ...]) -> None:
    assert findings_of(one_of(*terms), code) == []


def test_the_example_of_the_published_review() -> None:
    first = one_of("'peer$'", "'expert by experience$'", "'expert patient$'", fields=None)
    second = one_of("'personality disorder$'", "'complex emotional needs$'", fields=None)
    search = search_of(And((first.lines[0].node, second.lines[0].node)), first.text)
    assert findings_of(search, "R001") == findings_of(search, "R002") == []
    (plural, _) = findings_of(search, "R005")
    assert (plural.severity, plural.recommended) == ("warning", '"expert by experience$" or "experts by experience$"')
    assert "experts by experience" in plural.sentence
    (far,) = findings_of(search, "T005")
    assert far.problematic == "peer$"
    assert "peer-reviewed" in far.sentence
    assert '"peer support$"' in far.recommended or "peer support$" in far.recommended


def test_a_list_over_several_lines_is_one_list() -> None:
    single = [Scoped(leaf(text), TITLES) for text in ("peer$", '"peer support"', "patient", "patients")]
    joined = Or(tuple(LineRef(number) for number in (1, 2, 3, 4)))
    search = lines_of(*single, joined)
    assert [finding.code for finding in findings_of(search, "R001")] == ["R001"]
    assert findings_of(search, "R005") == []
    apart = lines_of(*single, And(tuple(LineRef(number) for number in (1, 2, 3, 4))))
    assert findings_of(apart, "R001") == []
    assert len(findings_of(apart, "R005")) == 2


def test_lines_taken_in_twice_are_no_repeats() -> None:
    node = Scoped(leaf("asthma"), TITLES)
    search = lines_of(node, Or((LineRef(1), Scoped(leaf("copd"), TITLES))), Or((LineRef(1), LineRef(2))))
    assert findings_of(search, "R002") == []


def test_words_of_a_proximity_search_are_lists_of_their_own() -> None:
    near = Near((Or((word("peer$"), word("peers"))), word("support$")), 2)
    search = search_of(Scoped(near, TITLES))
    assert len(findings_of(search, "R001")) == 1
    assert findings_of(search, "T005") == []


def test_a_proximity_search_is_covered_by_a_term_for_one_side() -> None:
    near = Near((word("peer"), word("support$")), 2)
    assert len(findings_of(search_of(Scoped(Or((word("peer$"), near)), TITLES)), "R001")) == 1
    assert findings_of(search_of(Scoped(Or((word("expert$"), near)), TITLES)), "R001") == []


def test_what_not_takes_out_needs_no_other_forms() -> None:
    search = search_of(Scoped(Not(word("asthma"), word("animal")), TITLES))
    assert findings_of(search, "R005") == []


@pytest.mark.parametrize(
    ("platform", "term", "fields", "expected"),
    [
        ("ovid", "patient", None, 1),
        ("pubmed", "patient", None, 0),  # term mapping adds the plural
        ("pubmed", '"support worker"', None, 1),
        ("pubmed", "patient", ("title",), 1),
        ("ebsco", "patient", ("title",), 0),  # finds the plural by itself
        ("ebsco", '"support worker"', ("title",), 1),
        ("ebsco", "patients", ("title",), 1),
    ],
)
def test_platforms_that_find_other_forms_by_themselves(
    platform: str, term: str, fields: tuple[str, ...] | None, expected: int
) -> None:
    search = one_of(term, "x*", platform=platform, fields=fields)  # type: ignore[arg-type]
    assert len(findings_of(search, "R005")) == expected


def test_default_fields_take_term_mapping_away() -> None:
    search = one_of("patient", "x*", platform="pubmed", fields=None)
    assert len(findings_of(search, "R005", default_fields=("title",))) == 1


def test_the_same_term_in_two_fields_is_spoken_of_once() -> None:
    search = one_of("rat* @title", "rat* @abstract", platform="ebsco")
    (finding,) = findings_of(search, "T005")
    assert "2 times" in finding.sentence


@pytest.mark.parametrize(("platform", "expected"), [("ovid", 1), ("pubmed", 1), ("ebsco", 0)])
def test_a_hyphen_is_a_space_where_that_is_documented(platform: str, expected: int) -> None:
    search = one_of('"self-harm"', '"self harm*"', platform=platform)  # type: ignore[arg-type]
    assert len(findings_of(search, "R001")) == expected
