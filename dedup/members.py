"""Who takes part: the new records, the known ones that they may touch, and identical ones taken as one unit."""

from dedup.columns import DECIDED
from dedup.errors import DecisionsContradict, RecordIdsRepeat
from dedup.scratch import Scratch

_REPEATED = """
SELECT record_id FROM (SELECT record_id FROM dedup_new UNION ALL SELECT record_id FROM dedup_known)
GROUP BY record_id HAVING count(*) > 1 ORDER BY record_id LIMIT 5
"""

_DECIDED = """
SELECT DISTINCT least(x_id, y_id) AS x_id, greatest(x_id, y_id) AS y_id FROM dedup_{name} WHERE x_id <> y_id
"""

# A stored group inside which a person has since said "distinct" is opened again: its records are compared anew.
_OPENED = """
SELECT DISTINCT x.group_id FROM dedup_apart_pairs p
JOIN dedup_groups x ON x.record_id = p.x_id JOIN dedup_groups y ON y.record_id = p.y_id
WHERE x.group_id = y.group_id
"""

_TOUCHED = """
WITH touched AS (
    SELECT record_id FROM dedup_known_keys SEMI JOIN dedup_new_keys USING (key)
    UNION SELECT record_id FROM dedup_known WHERE content IN (SELECT content FROM dedup_new WHERE content IS NOT NULL)
    UNION SELECT record_id FROM dedup_known
        WHERE identity IN (SELECT identity FROM dedup_new WHERE identity IS NOT NULL)
    UNION SELECT unnest([x_id, y_id]) FROM dedup_apart_pairs
    UNION SELECT unnest([x_id, y_id]) FROM dedup_together_pairs
)
SELECT DISTINCT k.record_id FROM dedup_known k WHERE k.record_id IN (SELECT record_id FROM touched)
    OR k.record_id IN (SELECT g.record_id FROM dedup_groups g WHERE g.group_id IN (
        SELECT group_id FROM dedup_groups WHERE record_id IN (SELECT record_id FROM touched)))
"""

# Records that stand in a decision stay by themselves: what is decided on one must not carry to its likes unseen.
_MEMBERS = """
WITH present AS (
    SELECT record_id, content, identity, true AS fresh FROM dedup_new
    UNION ALL
    SELECT record_id, content, identity, false FROM dedup_known SEMI JOIN dedup_touched USING (record_id)
), told AS (
    SELECT p.*, CASE WHEN o.group_id IS NULL THEN g.group_id END AS stored, o.group_id AS opened, r.report,
        p.content IS NULL OR d.record_id IS NOT NULL
            OR (NOT p.fresh AND (g.group_id IS NULL OR o.group_id IS NOT NULL)) AS alone
    FROM present p
    LEFT JOIN dedup_groups g ON g.record_id = p.record_id AND NOT p.fresh
    LEFT JOIN dedup_opened o ON o.group_id = g.group_id
    LEFT JOIN (SELECT record_id, min(report) AS report FROM dedup_released GROUP BY record_id) r
        ON r.record_id = p.record_id
    LEFT JOIN (SELECT unnest([x_id, y_id]) AS record_id FROM dedup_apart_pairs
               UNION SELECT unnest([x_id, y_id]) FROM dedup_together_pairs) d ON d.record_id = p.record_id
)
SELECT record_id, content, identity, fresh, stored, opened, report, min(record_id) OVER (
    PARTITION BY fresh, stored, report, content, CASE WHEN alone THEN record_id END) AS unit
FROM told
"""

# Abstracts are long and seldom read: their digests go along, and the texts are fetched where the digests differ.
_UNITS = """
SELECT n.* EXCLUDE (abstract), m.fresh, m.stored, m.opened, m.report,
    CASE WHEN n.abstract IS NOT NULL THEN (hash(n.abstract) >> 1)::BIGINT END AS abstract_digest,
    CASE WHEN length(n.abstract) >= 150 THEN (hash(left(n.abstract, 150)) >> 1)::BIGINT END AS abstract_begins,
    s.title IS NOT NULL AS serial, d.doi IS NOT NULL AS shared, c.source IS NOT NULL AS counter
FROM (SELECT * FROM dedup_new UNION ALL SELECT * FROM dedup_known SEMI JOIN dedup_touched USING (record_id)) n
JOIN dedup_members m ON m.record_id = n.record_id AND m.unit = n.record_id
LEFT JOIN dedup_serial s ON s.title = n.title
LEFT JOIN dedup_shared d ON d.doi = n.doi
LEFT JOIN dedup_counters c ON c.source = n.source
"""

_TEXTS = """
SELECT record_id, abstract FROM dedup_new UNION ALL
SELECT record_id, abstract FROM dedup_known SEMI JOIN dedup_touched USING (record_id)
"""


def gather(space: Scratch) -> None:
    """Fill `dedup_members` (record, its unit), `dedup_units` (a unit's normalised fields), `dedup_texts` (abstracts).

    Args:
        space: holds what the caller handed in, and what `collection.learn` found.

    Raises:
        RecordIdsRepeat: a record id stands twice.
        DecisionsContradict: a pair stands under both words.
    """
    if repeated := space.con.execute(_REPEATED).fetchall():
        raise RecordIdsRepeat([record_id for (record_id,) in repeated])
    for name in ("together", "apart"):
        space.table(f"{name}_pairs", _DECIDED.format(name=name))
    both = ", ".join(DECIDED.names)
    if contradicting := space.con.execute(
        f"SELECT {both} FROM dedup_together_pairs JOIN dedup_apart_pairs USING ({both}) ORDER BY {both} LIMIT 5"  # noqa: S608
    ).fetchall():
        raise DecisionsContradict([(x, y) for x, y in contradicting])
    space.table("opened", _OPENED)
    space.table("touched", _TOUCHED)
    space.table("members", _MEMBERS)
    space.table("units", _UNITS)
    space.view("texts", _TEXTS)
