"""Names and hashes by which stored databases know their records: they may never come out otherwise."""

from connectors.record import RECEIVED_SCHEMA, RawRecord, Record, content_hash_of, identity_of, received_table

EMPTY = Record()
FULL = Record(
    accession="21000001",
    database="MEDLINE",
    title='Tea & “milk” \\ "quoted"\ttab \x7f \u2028',
    authors=("Okafor, N", "Größe, Ž"),
    year=2020,
    date="2020//",
    journal="Journal of Tea",
    volume="12",
    issue="3",
    pages="123-129",
    doi="10.5555/tea",
    pmid="21000001",
    issns=("1234-567X",),
    abstract="AIM: a\nRESULTS: b 😀 \ud800",
    keywords=("Tea", "Milk"),
    languages=("English",),
    publication_types=("Journal Article",),
    url="https://a.invalid/?a=1&b=2",
    notices=("retracted",),
)
UNNUMBERED = Record(
    title="Größe über alles 😀",
    authors=("A, B",),
    year=1999,
    journal="J",
    volume="1",
    issue="2",
    pages="3-4",
    doi="10.5555/x",
    pmid="1",
    pmcid="PMC1",
    title_original="Ü",
    journal_abbreviation="J.",
)


def test_identities_stay() -> None:
    assert [identity_of(record) for record in (EMPTY, FULL, UNNUMBERED)] == [
        "h1:336c7183cdad7c3f62efb6ac421374b6119fc9f9194466d00542344a377f8eb3",
        "acc:21000001",
        "h1:8ed31af49b35d7d5d28c186580b5e36a273d9ed753ee8ee3cc0dce553364982c",
    ]


def test_content_hashes_stay() -> None:
    assert [content_hash_of(record) for record in (EMPTY, FULL, UNNUMBERED)] == [
        "567bbe458e179632820a255345254aa186ac4a8253d9f4e81a52c759cd2494d4",
        "98747f0ba67b541d6a1e3ad7c1fcc0d86bd5b23ee42d1cf9ee086b217a7226c2",
        "ee5c8742171d91170e2bdb264cfb1057239258a15ff06445597c95da6b214a11",
    ]


def test_table_holds_names_hashes_and_positions() -> None:
    table = received_table([(RawRecord(1, "ris", "[]"), EMPTY), (RawRecord(2, "ris", "[1]"), UNNUMBERED)], 7)
    assert table.schema == RECEIVED_SCHEMA
    assert table["position"].to_pylist() == [7, 8]
    assert table["identity"].to_pylist() == [identity_of(EMPTY), identity_of(UNNUMBERED)]
    assert table["content_hash"].to_pylist() == [content_hash_of(EMPTY), content_hash_of(UNNUMBERED)]
    assert table["payload"].to_pylist() == ["[]", "[1]"]
    assert table["year"].to_pylist() == [None, 1999]
    assert table["authors"].to_pylist() == [[], ["A, B"]]


def test_no_record_is_a_table_too() -> None:
    assert received_table([]).schema == RECEIVED_SCHEMA
