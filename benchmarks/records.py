"""Records of a labelled set as the table that `dedup` takes, read by DuckDB."""

from pathlib import Path

import duckdb
import pyarrow as pa

import dedup

FIELDS = (
    "record_id",
    "author",
    "title",
    "year",
    "journal",
    "booktitle",
    "volume",
    "number",
    "issue",
    "pages",
    "doi",
    "abstract",
    "isbn",
)

# `Doe, J. and Roe, M.`, `Doe J; Roe M`, or `Doe J.Roe M.` without separators: where a name begins behind a full stop.
_AUTHORS = r"""
list_filter(list_transform(
    CASE WHEN contains(author, ' and ') OR contains(author, ', ') THEN string_split(author, ' and ')
         WHEN contains(author, ';') THEN string_split(author, ';')
         ELSE string_split(regexp_replace(author, '\.(\p{L}{2,})', '.' || chr(31) || '\1', 'g'), chr(31)) END,
    lambda name: trim(name)), lambda name: name <> '')
"""

_RECORDS = rf"""
SELECT number AS record_id, $source AS source, title, {_AUTHORS} AS authors,
    TRY_CAST(nullif(regexp_extract(year, '(18|19|20)\d\d'), '') AS INTEGER) AS year,
    coalesce(journal, booktitle) AS journal, volume, coalesce(issue_number, issue) AS issue, pages, doi,
    regexp_extract_all(isbn, '\b\d{{4}}-?\d{{3}}[\dXx]\b') AS issns, abstract, record_id AS name
FROM numbered ORDER BY number
"""


def records_of(path: Path, source: str) -> tuple[list[str], pa.Table]:
    """Names of the records of a CSV file in its order, and the records; ids count from 1.

    Args:
        path: `records.csv` of a labelled set.
        source: what the records' source is called.
    """
    con = duckdb.connect()
    file = con.read_csv(str(path), all_varchar=True, header=True, quotechar='"', escapechar='"', delimiter=",")
    there = set(file.columns)
    wanted = ", ".join(
        f"nullif(trim({name}), '') AS {'issue_number' if name == 'number' else name}"
        if name in there
        else f"NULL::VARCHAR AS {'issue_number' if name == 'number' else name}"
        for name in FIELDS
    )
    # Kept as a table first: numbering the rows of the file itself would read it on one core.
    con.register("file", file)
    con.execute(f"CREATE TABLE rows AS SELECT {wanted} FROM file")
    con.execute("CREATE TABLE numbered AS SELECT row_number() OVER () AS number, * FROM rows")
    table = con.execute(_RECORDS, {"source": source}).to_arrow_table()
    names = table.column("name").to_pylist()
    con.close()
    empty = {name: pa.nulls(len(names)) for name in dedup.RECORDS.names if name not in table.column_names}
    for name, column in empty.items():
        table = table.append_column(name, column)
    return names, table.select(dedup.RECORDS.names).cast(dedup.RECORDS)
