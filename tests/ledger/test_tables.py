"""Tables as Markdown, CSV and JSON."""

import json

from livingsearch.ledger.tables import Column, DataTable, csv_of, json_of, markdown_of

TABLE = DataTable(
    "yield",
    "Yield *now*",
    (
        Column("source", "Source"),
        Column("records", "Records"),
        Column("precision", "Precision", decimals=2, percent=True),
        Column("nnr", "To read"),
    ),
    (
        ("a|b <i>", 12345, 0.0125, 80.04),
        ("=1+1", 0, None, None),
    ),
    ("One [note].",),
)


def test_markdown() -> None:
    assert markdown_of([TABLE]) == (
        "## Yield \\*now\\*\n"
        "\n"
        "| Source | Records | Precision | To read |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| a\\|b &lt;i> | 12,345 | 1.25% | 80.0 |\n"
        "| =1+1 | 0 | – | – |\n"
        "\n"
        "One \\[note\\].\n"
    )


def test_csv_has_numbers_as_they_are_and_no_formula() -> None:
    assert csv_of(TABLE) == ("source,records,precision,nnr\na|b <i>,12345,0.0125,80.04\n'=1+1,0,,\n")


def test_json() -> None:
    assert json.loads(json_of([TABLE])) == {
        "yield": [
            {"source": "a|b <i>", "records": 12345, "precision": 0.0125, "nnr": 80.04},
            {"source": "=1+1", "records": 0, "precision": None, "nnr": None},
        ]
    }


def test_two_tables_are_parted_by_an_empty_line() -> None:
    assert "One \\[note\\].\n\n## Yield" in markdown_of([TABLE, TABLE])
