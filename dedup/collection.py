"""Facts about the whole collection, found in one pass and handed on as small tables.

A partition of the records cannot know them: a title is a serial's only beside its other years, and a DOI is a
supplement's only beside the other abstracts that bear it.
"""

from dataclasses import dataclass

import pyarrow as pa

from dedup.scratch import Scratch

# Numbers are grouped first: few titles and DOIs are left for their letters to be grouped.
_SERIAL = """
WITH dated AS (SELECT title, year FROM ({all}) WHERE title IS NOT NULL AND year IS NOT NULL {among}),
often AS (SELECT hash(title) AS h FROM dated GROUP BY h HAVING max(year) - min(year) >= 3)
SELECT title FROM dated WHERE hash(title) IN (FROM often)
GROUP BY title HAVING max(year) - min(year) >= 3 AND count(DISTINCT year) >= 3
"""

# A report's own title differs between databases at its end, by a subtitle, or at its beginning, by a heading; another
# report's differs at both.
_SHARED = """
WITH told AS (
    SELECT doi, title FROM ({all})
    WHERE CASE WHEN doi IS NULL OR title IS NULL OR title_other IS NOT NULL THEN false ELSE mark = '' END {among}
), several AS (
    SELECT hash(doi) AS h FROM told GROUP BY h HAVING min(hash(left(title, 24))) < max(hash(left(title, 24)))
        AND min(hash(substr(title, -24))) < max(hash(substr(title, -24)))
)
SELECT doi FROM told WHERE hash(doi) IN (FROM several)
GROUP BY doi HAVING min(hash(left(replace(left(title, 24), ' ', ''), 12)))
        < max(hash(left(replace(left(title, 24), ' ', ''), 12)))
    AND min(hash(right(replace(substr(title, -24), ' ', ''), 12)))
        < max(hash(right(replace(substr(title, -24), ' ', ''), 12)))
"""

_COUNTERS = """
SELECT source FROM ({all}) WHERE issue IS NOT NULL
GROUP BY source HAVING count(*) >= 50 AND count(DISTINCT issue) * 2 > count(*)
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the whole collection tells.

    Attributes:
        serial: `title` of those that come in several years.
        shared: `doi` of those that several reports bear.
        counters: `source` whose issues are an export's counter.
    """

    serial: pa.Table
    shared: pa.Table
    counters: pa.Table


def learn(space: Scratch, tables: tuple[str, ...], among: tuple[str, ...] = ()) -> Facts:
    """Facts about all records of some tables.

    Args:
        space: holds the tables.
        tables: names of tables of `NORMALISED`.
        among: names of tables with the titles and DOIs that matter, where not all do.
    """

    def those(column: str) -> str:
        wanted = " UNION ".join(f"SELECT {column} FROM dedup_{name}" for name in among)  # noqa: S608
        return f"AND {column} IN ({wanted})" if among else ""

    def every(columns: str) -> str:
        return " UNION ALL ".join(f"SELECT {columns} FROM dedup_{name}" for name in tables)  # noqa: S608

    return Facts(
        space.read(_SERIAL.format(all=every("title, year"), among=those("title"))),
        space.read(_SHARED.format(all=every("doi, title, mark, title_other"), among=those("doi"))),
        space.read(_COUNTERS.format(all=every("source, issue"))),
    )
