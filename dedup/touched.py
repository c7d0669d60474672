"""What new records may touch of a large known collection, read from its stored tables."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from dedup.collection import Facts, learn
from dedup.columns import DECIDED, KEYS, NORMALISED, RELEASED, STORED_GROUPS, conform
from dedup.scratch import Scratch, scratch


@dataclass(frozen=True, slots=True)
class Stored:
    """Names of the tables or views, on the caller's connection, that hold a collection.

    Attributes:
        records: of `NORMALISED`; it may hold the new records too.
        keys: of `KEYS`, of all those records.
        groups: of `STORED_GROUPS`; a new record that stands in one stays there if it was released.
        released: of `RELEASED`.
    """

    records: str
    keys: str
    groups: str
    released: str | None = None


@dataclass(frozen=True, slots=True)
class Touched:
    """The part of a collection that `deduplicate` needs, and what holds in the whole of it.

    Attributes:
        records: a table of `NORMALISED`.
        keys: of `KEYS`: those that a new record has too.
        groups: of `STORED_GROUPS`, of known records and of new ones that have a group.
        released: of `RELEASED`, of the same.
        asked: of `DECIDED`: the waiting pairs between groups that are met.
        facts: about all known and new records.
    """

    records: pa.Table
    keys: pa.Table
    groups: pa.Table
    released: pa.Table
    asked: pa.Table
    facts: Facts


_SHARED_KEYS = """
SELECT k.record_id, k.key FROM {keys} k WHERE k.key IN (SELECT key FROM dedup_new_keys)
    AND k.record_id NOT IN (SELECT record_id FROM dedup_ids)
"""

_REACHED = """
SELECT record_id FROM dedup_shared_keys
UNION SELECT record_id FROM {records} WHERE identity IN (SELECT identity FROM dedup_ids WHERE identity IS NOT NULL)
    AND record_id NOT IN (SELECT record_id FROM dedup_ids)
UNION SELECT unnest([x_id, y_id]) FROM dedup_together
UNION SELECT unnest([x_id, y_id]) FROM dedup_apart
UNION SELECT record_id FROM {groups} SEMI JOIN dedup_ids USING (record_id)
"""

# Ends of pairs that wait for a person, with their groups; a record without one is its own.
_WAITING = """
SELECT p.x_id, p.y_id, coalesce(x.group_id::VARCHAR, 'alone ' || p.x_id) AS x_group,
    coalesce(y.group_id::VARCHAR, 'alone ' || p.y_id) AS y_group
FROM dedup_asked p LEFT JOIN {groups} x ON x.record_id = p.x_id LEFT JOIN {groups} y ON y.record_id = p.y_id
"""

_MET = """
SELECT DISTINCT coalesce(g.group_id::VARCHAR, 'alone ' || r.record_id) AS met
FROM dedup_reached r LEFT JOIN {groups} g USING (record_id)
"""

_MET_NEXT = """
INSERT INTO dedup_met SELECT DISTINCT w.met FROM (
    SELECT y_group AS met FROM dedup_waiting WHERE x_group IN (FROM dedup_met)
    UNION SELECT x_group FROM dedup_waiting WHERE y_group IN (FROM dedup_met)
) w ANTI JOIN dedup_met USING (met)
"""

_ASKED = "SELECT x_id, y_id FROM dedup_waiting WHERE x_group IN (FROM dedup_met)"

# Whole groups come along: a new record is held against every record of the group that it would join.
_GROUPS = """
SELECT record_id, group_id FROM {groups} WHERE group_id IN (
    SELECT group_id FROM {groups} WHERE record_id IN (SELECT record_id FROM dedup_reached))
"""

_WANTED = """
SELECT record_id FROM dedup_reached WHERE record_id NOT IN (SELECT record_id FROM dedup_ids)
UNION SELECT record_id FROM dedup_stored_groups WHERE record_id NOT IN (SELECT record_id FROM dedup_ids)
"""

_KNOWN = """
SELECT * FROM {records} WHERE record_id NOT IN (SELECT record_id FROM dedup_ids)
"""


def touched(
    con: duckdb.DuckDBPyConnection,
    new: pa.Table,
    new_keys: pa.Table,
    stored: Stored,
    *,
    together: pa.Table | None = None,
    apart: pa.Table | None = None,
    asked: pa.Table | None = None,
) -> Touched:
    """What new records may touch of a stored collection: work and memory grow with the new ones.

    Args:
        con: a DuckDB connection that sees the stored tables; nothing stays on it.
        new: a table of `NORMALISED`.
        new_keys: what `keys` made of `new`.
        stored: where the collection is.
        together: decisions as `deduplicate` takes them; the records they name come along.
        apart: the same.
        asked: pairs that wait for a person, as `deduplicate` takes them: what they connect comes along.
    """
    new = conform("new", new, NORMALISED)
    names = {"records": _quoted(stored.records), "keys": _quoted(stored.keys), "groups": _quoted(stored.groups)}
    with scratch(con) as space:
        space.keep("ids", new.select(["record_id", "identity"]))
        space.keep("new_keys", conform("new_keys", new_keys, KEYS))
        for name, table in (("together", together), ("apart", apart), ("asked", asked)):
            space.lend(name, DECIDED.empty_table() if table is None else conform(name, table, DECIDED))
        space.table("shared_keys", _SHARED_KEYS.format(**names))
        space.table("reached", _REACHED.format(**names))
        met = _connected(space, names["groups"])
        space.table("stored_groups", _GROUPS.format(**names))
        space.table("wanted", _WANTED)
        wanted = "WHERE record_id IN (SELECT record_id FROM dedup_wanted)"
        columns = ", ".join(NORMALISED.names)
        records = space.read(f"SELECT {columns} FROM {names['records']} {wanted} ORDER BY record_id")  # noqa: S608
        released = RELEASED.empty_table()
        if stored.released:
            released = space.read(
                f"SELECT record_id, report FROM {_quoted(stored.released)} {wanted} OR record_id IN "  # noqa: S608
                "(SELECT record_id FROM dedup_ids)"
            )
        space.view("known", _KNOWN.format(**names))
        space.lend("new", new)
        space.lend("met", records)
        facts = learn(space, ("known", "new"), among=("new", "met"))
        return Touched(
            conform("known", records, NORMALISED),
            conform("known_keys", space.read("FROM dedup_shared_keys"), KEYS),
            conform("groups", space.read("FROM dedup_stored_groups"), STORED_GROUPS),
            conform("released", released, RELEASED),
            conform("asked", met, DECIDED),
            facts,
        )


def _connected(space: Scratch, groups: str) -> pa.Table:
    """Add to what is reached what waiting pairs connect with it, step by step; gives those pairs."""
    space.table("waiting", _WAITING.format(groups=groups))
    if not space.count("waiting"):
        return DECIDED.empty_table()
    space.table("met", _MET.format(groups=groups))
    met = 0
    while met < (met := space.count("met")):
        space.con.execute(_MET_NEXT)
    asked = space.read(_ASKED)
    space.con.execute(
        "INSERT INTO dedup_reached SELECT unnest([x_id, y_id]) FROM dedup_waiting WHERE x_group IN (FROM dedup_met)"
    )
    space.drop("met")
    return asked


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
