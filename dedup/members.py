"""Who takes part: the new records, the known ones that they may touch, and identical ones taken as one unit."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dedup.collection import Facts
from dedup.columns import DECIDED
from dedup.crew import Parcel, packed
from dedup.errors import DecisionsContradict, RecordIdsRepeat
from dedup.ranked import each, found_among, places_among, repeated
from dedup.scratch import Scratch

_DECIDED = """
SELECT DISTINCT least(x_id, y_id) AS x_id, greatest(x_id, y_id) AS y_id FROM dedup_{name} WHERE x_id <> y_id
"""

# What was released stands as it is. Other stored groups only tell whose records come along: they are made anew.
_STANDING_GROUPS = "SELECT DISTINCT group_id FROM dedup_groups SEMI JOIN dedup_released USING (record_id)"

# A standing group inside which a person has since said "distinct" is opened again. So is one whose records are wanted
# with, and away from, what stands outside: it may have to give way in the middle.
_OPENED = """
SELECT x.group_id FROM dedup_apart_pairs p
JOIN dedup_groups x ON x.record_id = p.x_id JOIN dedup_groups y ON y.record_id = p.y_id
WHERE x.group_id = y.group_id
UNION
SELECT a.group_id
FROM (SELECT unnest([x_id, y_id]) AS record_id FROM dedup_apart_pairs) p JOIN dedup_groups a USING (record_id)
SEMI JOIN (SELECT g.group_id FROM (SELECT unnest([x_id, y_id]) AS record_id FROM dedup_together_pairs)
    JOIN dedup_groups g USING (record_id)) t ON t.group_id = a.group_id
"""

_MET_KEYS = "SELECT * FROM dedup_known_keys SEMI JOIN dedup_new_keys USING (key)"

_TOUCHED = """
WITH touched AS (
    SELECT record_id FROM dedup_met_keys
    UNION SELECT record_id FROM dedup_known WHERE content IN (SELECT content FROM dedup_new WHERE content IS NOT NULL)
    UNION SELECT record_id FROM dedup_known
        WHERE identity IN (SELECT identity FROM dedup_new WHERE identity IS NOT NULL)
    UNION SELECT unnest([x_id, y_id]) FROM dedup_apart_pairs
    UNION SELECT unnest([x_id, y_id]) FROM dedup_together_pairs
    UNION SELECT unnest([x_id, y_id]) FROM dedup_asked_pairs
    UNION SELECT record_id FROM dedup_new SEMI JOIN dedup_groups USING (record_id)
)
SELECT DISTINCT k.record_id FROM dedup_known k WHERE k.record_id IN (SELECT record_id FROM touched)
    OR k.record_id IN (SELECT g.record_id FROM dedup_groups g WHERE g.group_id IN (
        SELECT group_id FROM dedup_groups WHERE record_id IN (SELECT record_id FROM touched)))
"""

_TAKING_PART = """
SELECT record_id, content, identity, year, true AS fresh FROM dedup_new
UNION ALL
SELECT record_id, content, identity, year, false FROM dedup_known SEMI JOIN dedup_touched USING (record_id)
"""

# Records that stand in a decision stay by themselves: what is decided on one must not carry to its likes unseen.
_MEMBERS = """
SELECT p.*, g.group_id AS grouped, CASE WHEN o.group_id IS NULL THEN s.group_id END AS stored,
    CASE WHEN o.group_id IS NOT NULL THEN s.group_id END AS opened, r.report,
    d.record_id IS NOT NULL OR (s.group_id IS NOT NULL AND o.group_id IS NOT NULL) AS alone, p.record_id AS unit
FROM dedup_taking_part p
LEFT JOIN dedup_groups g ON g.record_id = p.record_id
LEFT JOIN dedup_standing_groups s ON s.group_id = g.group_id
LEFT JOIN dedup_opened o ON o.group_id = s.group_id
LEFT JOIN (SELECT record_id, min(report) AS report FROM dedup_released GROUP BY record_id) r
    ON r.record_id = p.record_id
LEFT JOIN (SELECT unnest([x_id, y_id]) AS record_id FROM dedup_apart_pairs
           UNION SELECT unnest([x_id, y_id]) FROM dedup_together_pairs) d ON d.record_id = p.record_id
"""

_TWINS = """
UPDATE dedup_members SET unit = twins.unit FROM (
    SELECT record_id, min(record_id) OVER (PARTITION BY fresh, stored, report, content) AS unit
    FROM dedup_members WHERE NOT alone AND content IN (FROM dedup_repeated)
) twins WHERE dedup_members.record_id = twins.record_id AND twins.unit < twins.record_id
"""

_STANDING = """
SELECT record_id, fresh, grouped, opened FROM dedup_members WHERE unit = record_id ORDER BY record_id
"""

# Apart from those that share a key: units of identical records, and what was grouped or decided on.
_ASKED_OF = """
SELECT unit AS record_id FROM dedup_members WHERE record_id <> unit OR grouped IS NOT NULL
UNION SELECT m.unit FROM dedup_members m SEMI JOIN (
    SELECT unnest([x_id, y_id]) AS record_id
    FROM (FROM dedup_together_pairs UNION ALL FROM dedup_apart_pairs UNION ALL FROM dedup_asked_pairs)
) d USING (record_id)
"""


def gather(space: Scratch, new: pa.Table, known: pa.Table, facts: Facts) -> None:
    """Fill `dedup_members` (record, its unit), and make `dedup_present` readable (their normalised fields).

    `dedup_repeated` holds the accession numbers and contents that several of them have.

    Args:
        space: holds what the caller handed in.
        new: the new records.
        known: the known ones.
        facts: what `collection.learn` found.

    Raises:
        RecordIdsRepeat: a record id stands twice.
        DecisionsContradict: a pair stands under both words.
    """
    if twice := _standing_twice(new, known):
        raise RecordIdsRepeat(twice[:5])
    for name in ("together", "apart", "asked"):
        space.table(f"{name}_pairs", _DECIDED.format(name=name))
    both = ", ".join(DECIDED.names)
    if contradicting := space.con.execute(
        f"SELECT {both} FROM dedup_together_pairs JOIN dedup_apart_pairs USING ({both}) ORDER BY {both} LIMIT 5"  # noqa: S608
    ).fetchall():
        raise DecisionsContradict([(x, y) for x, y in contradicting])
    space.table("standing_groups", _STANDING_GROUPS)
    space.table("opened", _OPENED)
    # Without known records the joins would be built over all new ones for nothing.
    space.table("met_keys", _MET_KEYS if known.num_rows else "FROM dedup_known_keys")
    space.table("touched", _TOUCHED if known.num_rows else "SELECT record_id FROM dedup_known")
    taking_part = space.read(_TAKING_PART)
    space.lend("taking_part", taking_part)
    space.keep("repeated", _repeated(taking_part))
    space.table("members", _MEMBERS)
    space.con.execute(_TWINS)
    space.take_back("taking_part")
    present = pa.concat_tables([new, known])
    present = present.set_column(0, "record_id", present.column("record_id").combine_chunks())
    space.lend("present", _with_facts(_with_standing(present, space.read(_STANDING)), facts))


def _standing_twice(*tables: pa.Table) -> list[int]:
    """Record ids that stand twice, in ascending order."""
    ids = np.sort(np.concatenate([table.column("record_id").to_numpy() for table in tables]))
    return [int(record_id) for record_id in each(ids[1:][ids[1:] == ids[:-1]])]


def _repeated(taking_part: pa.Table) -> pa.Table:
    """Accession numbers and contents that several records have, as `value`; perhaps a few others."""
    columns = (taking_part.column(name).drop_null().to_numpy() for name in ("identity", "content"))
    return pa.table({"value": each(np.concatenate([values[repeated(values)] for values in columns]))})


def leave(space: Scratch, met: npt.NDArray[np.int64], hands: int) -> None:
    """Let go of the records that nothing will be asked of; they still stand in `dedup_members`.

    Args:
        space: holds what `gather` made, and nobody else holds the records.
        met: those that share a key with another.
        hands: threads that copy the others.
    """
    present = space.lent["present"]
    wanted = _standing_in(present, np.concatenate([met, space.read(_ASKED_OF).column("record_id").to_numpy()]))
    batches, kept, nothing = present.to_batches(), [], present.schema.empty_table()
    space.give_back("present")
    del present
    with ThreadPoolExecutor(hands) as pool:
        while batches:
            # From the end, so that each batch is given back when it has been copied.
            batch = batches.pop()
            wanted, own = np.split(wanted, [len(wanted) - batch.num_rows])
            kept.append(pool.submit(_kept, batch, own))
            del batch
    space.lend("present", pa.concat_tables([nothing, *(part.result() for part in reversed(kept))]))


def _kept(batch: pa.RecordBatch, wanted: npt.NDArray[np.bool_]) -> pa.Table:
    return packed(pa.Table.from_batches([batch.filter(pa.array(wanted))]))


def those(space: Scratch, ids: npt.NDArray[np.int64], columns: Sequence[str] = ()) -> Parcel:
    """Some of the records that take part, with how they stand and what the whole collection tells of them.

    They are picked from the columns: a join with the whole Arrow table might be built from its larger side.

    Args:
        space: holds what `gather` made.
        ids: which records.
        columns: which columns; all where none is named.
    """
    present = space.lent["present"]
    return Parcel(present.select(columns) if columns else present, np.flatnonzero(_standing_in(present, ids)))


def _standing_in(present: pa.Table, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Of which rows the record is one of some."""
    wanted: npt.NDArray[np.bool_] = np.zeros(present.num_rows, bool)
    wanted[places_among(present.column("record_id").to_numpy(), ids)] = True
    return wanted


def _with_standing(present: pa.Table, standing: pa.Table) -> pa.Table:
    """Records with how they stand; nothing of one that is no unit."""
    ids, wanted = (table.column("record_id").to_numpy() for table in (present, standing))
    places, taken = found_among(wanted, ids)
    rows = pa.array(np.where(taken, places, 0), mask=~taken)
    nothing = pa.nulls(len(ids), pa.int64())
    for name in standing.column_names[1:]:
        column = standing.column(name)
        empty = column.null_count == len(column) and column.type == nothing.type
        present = present.append_column(name, nothing if empty else column.take(rows))
    return present


def _with_facts(present: pa.Table, facts: Facts) -> pa.Table:
    """Records with what the whole collection tells of them."""
    for name, column, told in (
        ("serial", "title", facts.serial),
        ("shared", "doi", facts.shared),
        ("counter", "source", facts.counters),
    ):
        those = told.column(0).combine_chunks()
        present = present.append_column(name, pc.is_in(present.column(column), those, skip_nulls=True))
    return present
