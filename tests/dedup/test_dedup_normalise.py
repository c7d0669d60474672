import pytest

TITLES = [
    # title, normalised, mark, part
    ("Étude n°1 of β-blockers in Alzheimer’s disease.", "etude n 1 of beta blockers in alzheimers disease", "", None),
    ("Uptake of <sup>99m</sup>Tc &amp; H<sub>2</sub>O &alpha;-tests", "uptake of 99mtc and h2o alpha tests", "", None),
    ("[Efecto de la sal]. [Spanish]", "efecto de la sal", "", None),
    ("Salt and pressure. [Review] [33 refs]", "salt and pressure", "", None),
    ("Salt and pressure: a trial.[Erratum appears in J Salt. 2006;15", "salt and pressure a trial", "", None),
    ("Salt and pressure [see comment]", "salt and pressure", "", None),
    ("Erratum: Salt and pressure", "salt and pressure", "erratum", None),
    ("Correction to: Salt and pressure", "salt and pressure", "erratum", None),
    ("Correction of anaemia with iron", "correction of anaemia with iron", "", None),
    ("Salt and pressure (vol 12, pg 33, 2009)", "salt and pressure", "erratum", None),
    ("Salt and pressure - Reply", "salt and pressure", "reply", None),
    ("Response to treatment in mild asthma", "response to treatment in mild asthma", "", None),
    ("Comment on: Salt and pressure", "salt and pressure", "comment", None),
    ("RETRACTED: Salt and pressure", "salt and pressure", "", None),
    ("Retraction notice to: Salt and pressure", "salt and pressure", "retraction", None),
    ("Expression of concern: Salt and pressure", "salt and pressure", "concern", None),
    ("Salt and pressure: Part II", "salt and pressure part ii", "", "2"),
    ("Salt and pressure, part 2", "salt and pressure part 2", "", "2"),
    ("Œdème du fœtus – bilan", "oedeme du foetus bilan", "", None),
    ("Здоровье и соль", "здоровье и соль", "", None),
]

PAGES = [
    # printed, first, last, kind
    ("123-9", "123", "129", "page"),
    ("123--129", "123", "129", "page"),
    ("376 – 83", "376", "383", "page"),
    ("p. 12", "12", None, "page"),
    ("S571-S575", "s571", "s575", "supplement"),
    ("A129", "a129", None, "supplement"),
    ("e1754", "e1754", None, "article"),
    ("a1754", "a1754", None, "article"),
    ("3094642", "3094642", None, "article"),
    ("e44-e45", "e44", "e45", "page"),
    ("01-Jun", None, None, None),
    ("Oct-15", None, None, None),
    ("2/3/2012", None, None, None),
    ("", None, None, None),
    ("12; discussion 15", "12", None, "page"),
]


def test_titles(normalised) -> None:
    made = normalised([{"title": title} for title, *_ in TITLES]).sort_by("record_id").to_pylist()
    for row, (printed, title, mark, part) in zip(made, TITLES, strict=True):
        assert (row["title"], row["mark"], row["part"]) == (title, mark, part), printed


def test_pages(normalised) -> None:
    made = normalised([{"pages": pages} for pages, *_ in PAGES]).sort_by("record_id").to_pylist()
    for row, (printed, first, last, kind) in zip(made, PAGES, strict=True):
        assert (row["first_page"], row["last_page"], row["page_kind"]) == (first, last, kind), printed


@pytest.mark.parametrize(
    ("volume", "issue", "expected"),
    [
        ("31 (Supplement 1)", "Suppl. 2", ("31", None)),
        ("1)", "1 Supplement 1", (None, "1")),
        ("Conference: 22nd Congress of Salt. Rome. 143", "Supplement 3", ("143", None)),
        ("007", "143396", ("7", None)),
        ("Suppl 3", "7-8", (None, "7")),
    ],
)
def test_volumes_and_issues(normalised, volume, issue, expected) -> None:
    (row,) = normalised([{"volume": volume, "issue": issue}]).to_pylist()
    assert (row["volume"], row["issue"]) == expected


def test_authors(normalised) -> None:
    (row,) = normalised(
        [
            {
                "authors": [
                    "van den Brule, A. J. C.",
                    "Chen R.",
                    "Coastal Study Group",
                    "et al.",
                    "Müller-Lüdenscheidt, Käthe",
                ]
            }
        ]
    ).to_pylist()
    assert row["first_author"] == "brule"
    assert row["families"] == ["brule", "chen", "ludenscheidt", "muller"]
    assert "kathe" in row["names"]


def test_a_name_that_is_a_particle_elsewhere_stays(normalised) -> None:
    rows = normalised([{"authors": ["Do, Minh"]}, {"authors": ["Le, Thi"]}]).sort_by("record_id").to_pylist()
    assert [row["first_author"] for row in rows] == ["do", "le"]
    assert [row["families"] for row in rows] == [["do"], ["le"]]


def test_nobody_is_no_author(normalised) -> None:
    (row,) = normalised([{"authors": ["Anonymous", "[Anonymous]", "NCT,", "No authors listed"]}]).to_pylist()
    assert (row["first_author"], row["families"], row["names"]) == (None, [], [])


def test_numbers_that_name_a_record(normalised) -> None:
    (row,) = normalised(
        [{"doi": "https://doi.org/10.5555/ABC.1.", "pmid": "PMID: 0123", "issns": ["1234-567x", "1234-567X"]}]
    ).to_pylist()
    assert (row["doi"], row["pmid"], row["issns"]) == ("10.5555/abc.1", "123", ["1234567X"])


def test_registrations_are_found_in_title_and_abstract(normalised) -> None:
    numbers = ("NCT09900001", "ISRCTN09900001", "PACTR201409000990017", "ChiCTR-TRC-09000001", "DRKS00099001")
    made = normalised([{"title": f"Wool {number}"} for number in numbers])
    assert made["registry"].to_pylist() == [number.upper() for number in numbers]
    made = normalised([{"title": "Wool", "abstract": f"Registered as {number}."} for number in numbers])
    assert made["trials"].to_pylist() == [[number.upper()] for number in numbers]
    assert made["registry"].to_pylist() == [None] * len(numbers)


def test_a_title_that_is_nothing_but_a_note_stays(normalised) -> None:
    (row,) = normalised(
        [{"title": "[Erratum: Copper kettles and the microbiome of tea drinkers]. [Finnish]"}]
    ).to_pylist()
    assert (row["title"], row["mark"]) == ("copper kettles and the microbiome of tea drinkers", "erratum")


def test_publication_types_mark_a_notice(normalised) -> None:
    (row,) = normalised(
        [{"title": "Salt and pressure", "publication_types": ["Journal Article", "Published Erratum"]}]
    ).to_pylist()
    assert row["mark"] == "erratum"


def test_content_is_silent_where_a_record_says_too_little(normalised) -> None:
    rows = normalised(
        [
            {"title": "Salt and pressure in villages"},
            {"title": "Editorial", "year": 2001, "journal": "Joint and Snow", "volume": "3"},
            {"title": "Salt and pressure in villages", "year": 2001, "journal": "Joint and Snow"},
            {"title": "SALT and pressure in villages.", "year": 2001, "journal": "Joint & Snow"},
        ]
    )
    content = rows.sort_by("record_id").column("content").to_pylist()
    assert content[:2] == [None, None]
    assert content[2] == content[3] is not None


def test_the_order_of_rows_changes_nothing(normalised, works) -> None:
    rows = [dict(record, record_id=number) for number, record in enumerate((r for w in works for r in w), 1)]
    assert normalised(rows).sort_by("record_id") == normalised(rows[::-1]).sort_by("record_id")
