"""What is written down of a pair: its evidence in words, and the scores of its fields."""

from collections.abc import Mapping

_FIELDS = ("doi", "pmid", "journal", "volume", "issue", "first_page", "last_page")


def _json(fields: Mapping[str, str]) -> str:
    """An expression for a JSON object of what is not null; the values are numbers."""
    pairs = ", ".join(f"'\"{name}\":' || ({value})" for name, value in fields.items())
    return f"'{{' || concat_ws(',', {pairs}) || '}}'"


SCORES = _json(
    {"title": "CASE WHEN title >= 0 THEN title END", "title_words": "CASE WHEN title >= 0 THEN title_words END"}
    | {name: f"CASE WHEN x_{name} IS NOT NULL AND y_{name} IS NOT NULL THEN {name} END" for name in _FIELDS}
    | {
        "year_gap": "CASE WHEN year_gap >= 0 THEN year_gap END",
        "authors": "CASE WHEN named THEN authors END",
        "abstract": "CASE WHEN abstracted THEN abstract END",
    }
)
"""Of the fields that both records of a pair fill."""

SCORES_OF_SAME = _json(
    {name: "CASE WHEN u.titled THEN 100 END" for name in ("title", "title_words")}
    | {name: f"CASE WHEN u.{name} IS NOT NULL THEN 1 END" for name in _FIELDS}
    | {
        "year_gap": "CASE WHEN u.year IS NOT NULL THEN 0 END",
        "authors": "CASE WHEN u.named THEN 1 END",
        "abstract": "CASE WHEN u.abstracted THEN 1 END",
    }
)
"""Of the fields that a record fills, beside an identical one."""

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
