"""Reports of a batch for the tests of its forms: a whole one, a bare one, hostile ones."""

from dataclasses import replace

from hypothesis import strategies as st

from livingsearch.exports.report import BatchReport

WHOLE = BatchReport(
    report_id="R000123",
    url="https://example.org/reports/R000123",
    update=2,
    title="Peer support for borderline personality disorder:\n a qualitative study",
    authors=("Barr, Karlen R.", "Kokanović, Renata", "Royal College of Psychiatrists"),
    year=2022,
    journal="Advances in Mental Health",
    journal_abbreviation="Adv Ment Health",
    volume="20",
    issue="1",
    pages="74-85",
    doi="https://doi.org/10.1080/18387357.2021.1997097",
    pmid="34567890",
    abstract="AIM: To ask.\nMETHODS: We asked.",
    keywords=("Peer support", "Borderline Personality Disorder/therapy"),
    languages=("eng",),
    publication_types=("Journal Article", "Case Reports"),
    issns=("1838-7357", "1837-4905"),
    accessions=("pubmed:34567890", "embase-ovid:2014"),
    sources=("PubMed (NCBI)", "Embase (Ovid)"),
    possible_duplicates=("R000007", "R000099"),
    notices=("retracted",),
)


def bare(number: int, **fields: object) -> BatchReport:
    report = BatchReport(f"R{number:06}", f"https://livingsearch.invalid/x/reports/R{number:06}", 1)
    return replace(report, **fields)


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "ER  - ",
            "x\nER  - \n\nTY  - JOUR\nTI  - forged",
            "a\rTY  - BOOK\r\nUR  - https://evil.example",
            "\x85ER  - \u2028TY  - JOUR\x1d\x0b\x0c",
            "\ufeffTY  - JOUR",
            '","\r\n"R000009"',
            "\ud800 lone",
            "=cmd|' /C calc'!A0",
            "1.\n",
        ]
    ),
)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
REPORTS = st.lists(
    st.builds(
        dict,
        title=st.none() | TEXT,
        authors=TEXTS,
        year=st.none() | st.integers(0, 3000),
        journal=st.none() | TEXT,
        pages=st.none() | TEXT,
        doi=st.none() | TEXT,
        pmid=st.none() | TEXT,
        abstract=st.none() | TEXT,
        keywords=TEXTS,
        languages=TEXTS,
        publication_types=TEXTS,
        issns=TEXTS,
        accessions=TEXTS,
        sources=TEXTS,
        possible_duplicates=TEXTS,
        notices=TEXTS,
    ),
    max_size=5,
).map(lambda rows: [bare(place, **row) for place, row in enumerate(rows, 1)])
