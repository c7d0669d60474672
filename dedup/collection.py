"""Facts about the whole collection, found in one pass and handed on as small tables.

A partition of the records cannot know them: a title is a serial's only beside its other years, and a DOI is a
supplement's only beside the other abstracts that bear it.
"""

from dedup.scratch import Scratch

_ALL = """
SELECT {columns} FROM dedup_new UNION ALL SELECT {columns} FROM dedup_known
"""

_SERIAL = """
SELECT title FROM ({all}) WHERE title IS NOT NULL AND year IS NOT NULL
GROUP BY title HAVING count(DISTINCT year) >= 3 AND max(year) - min(year) >= 3
"""

# A report's own title differs between databases at its end, by a subtitle, or at its beginning, by a heading; another
# report's differs at both.
_SHARED = """
SELECT doi FROM ({all}) WHERE doi IS NOT NULL AND title IS NOT NULL AND mark = '' AND title_other IS NULL
GROUP BY doi HAVING count(DISTINCT left(replace(title, ' ', ''), 12)) > 1
    AND count(DISTINCT right(replace(title, ' ', ''), 12)) > 1
"""

_COUNTERS = """
SELECT source FROM ({all}) WHERE issue IS NOT NULL
GROUP BY source HAVING count(*) >= 50 AND count(DISTINCT issue) * 2 > count(*)
"""


def learn(space: Scratch) -> None:
    """Fill `dedup_serial` (titles), `dedup_shared` (DOIs) and `dedup_counters` (sources).

    Args:
        space: holds `dedup_new` and `dedup_known`.
    """
    space.table("serial", _SERIAL.format(all=_ALL.format(columns="title, year")))
    space.table("shared", _SHARED.format(all=_ALL.format(columns="doi, title, mark, title_other")))
    space.table("counters", _COUNTERS.format(all=_ALL.format(columns="source, issue")))
