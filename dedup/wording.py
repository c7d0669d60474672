"""What is written down of a pair: its evidence in words, and the scores of its fields."""

from collections.abc import Mapping

from dedup.vetoes import DIFFERENT_DOIS

_FIELDS = ("doi", "pmid", "journal", "volume", "issue", "first_page", "last_page")


_RATIO, _STATE = (0, 7), (-1, 2)
_WRITTEN = {
    **dict.fromkeys(("title", "title_words"), _RATIO),
    **dict.fromkeys((*_FIELDS, "authors", "abstract"), _STATE),
    "year_gap": (0, 0),
}
"""Of every field the least value that it may have, and the bits that hold it: the last takes what is left."""

_SAID = ("title", "title_words", *_FIELDS, "year_gap", "authors", "abstract")
"""The order in which they are told."""


def _shifts() -> dict[str, int]:
    """Where the bits of every field begin."""
    shifts, end = {}, 0
    for name, (_, bits) in _WRITTEN.items():
        shifts[name] = end
        end += bits
    return shifts


def _number(fields: Mapping[str, str]) -> str:
    """An expression for one number that holds the values of fields; a field that is null leaves its bits empty."""
    return " + ".join(
        f"coalesce(({fields[name]}) + {1 - _WRITTEN[name][0]}, 0) * {1 << shift}::BIGINT"
        for name, shift in _shifts().items()
    )


SCORES = _number(
    {"title": "CASE WHEN title >= 0 THEN title END", "title_words": "CASE WHEN title >= 0 THEN title_words END"}
    | {name: f"CASE WHEN x_{name} IS NOT NULL AND y_{name} IS NOT NULL THEN {name} END" for name in _FIELDS}
    | {
        "year_gap": "CASE WHEN year_gap >= 0 THEN year_gap END",
        "authors": "CASE WHEN named THEN authors END",
        "abstract": "CASE WHEN abstracted THEN abstract END",
    }
)
"""Of the fields that both records of a pair fill, as one number."""

SCORES_OF_SAME = _number(
    {name: "CASE WHEN u.titled THEN 100 END" for name in ("title", "title_words")}
    | {name: f"CASE WHEN u.{name} IS NOT NULL THEN 1 END" for name in _FIELDS}
    | {
        "year_gap": "CASE WHEN u.year IS NOT NULL THEN 0 END",
        "authors": "CASE WHEN u.named THEN 1 END",
        "abstract": "CASE WHEN u.abstracted THEN 1 END",
    }
)
"""Of the fields that a record fills, beside an identical one."""


def scores_told(number: str) -> str:
    """An expression for the JSON object of scores that a number holds.

    Args:
        number: an expression for what `SCORES` gives.
    """
    pairs = []
    for name in _SAID:
        shift, (least, bits) = _shifts()[name], _WRITTEN[name]
        held = f"({number} >> {shift})" + (f" & {(1 << bits) - 1}" if bits else "")
        pairs.append(f"'\"{name}\":' || (nullif({held}, 0) - {1 - least})")
    return f"'{{' || concat_ws(',', {', '.join(pairs)}) || '}}'"


WORDS = """concat_ws('; ',
    CASE WHEN title < 0 THEN 'no title to compare' ELSE 'title ' || title END,
    CASE WHEN first_author THEN 'first author same' WHEN authors = 1 THEN 'authors agree'
         WHEN authors = -1 THEN 'authors differ' END,
    CASE WHEN year_gap = 0 THEN 'year ' || x_year
         WHEN year_gap > 0 THEN 'years ' || x_year || ' and ' || y_year END,
    CASE journal WHEN 1 THEN 'journal same' WHEN -1 THEN 'journals differ' END,
    CASE volume WHEN 1 THEN 'volume ' || x_volume WHEN -1 THEN 'volumes ' || x_volume || ' and ' || y_volume END,
    CASE issue WHEN -1 THEN 'issues ' || x_issue || ' and ' || y_issue END,
    CASE WHEN first_page = 1 AND x_pages = y_pages THEN 'pages ' || x_pages
         WHEN first_page = 1 AND last_page < 0 THEN 'first page same, pages ' || x_pages || ' and ' || y_pages
         WHEN first_page = 1 THEN 'pages ' || x_pages || ' = ' || y_pages
         WHEN first_page = -1 THEN 'pages ' || x_pages || ' and ' || y_pages END,
    CASE abstract WHEN 1 THEN 'abstract same' WHEN -1 THEN 'abstracts differ' END)"""
"""What the fields of a pair say, but for its numbers."""

SENTENCE = f"""concat_ws('; ',
    CASE WHEN same_identity THEN 'same source and accession number' END,
    CASE WHEN same_content THEN 'all fields the same' END,
    objection,
    CASE WHEN pmid = 1 THEN 'same PMID' END,
    CASE WHEN doi = 1 THEN 'same DOI' WHEN doi_shared THEN 'a DOI that several reports bear'
         WHEN doi = -1 AND objection IS DISTINCT FROM '{DIFFERENT_DOIS}' THEN '{DIFFERENT_DOIS}' END,
    words)"""
"""What a pair says, in words."""
