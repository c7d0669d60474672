"""The whole way: from normalised records to verdicts and groups."""

from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa

from dedup import block, report
from dedup.buckets import share_keys
from dedup.cluster import NOTHING, Grouping, Pairs, Refusal, cluster, components
from dedup.collection import Facts, learn
from dedup.columns import DECIDED, KEYS, NORMALISED, RELEASED, STORED_GROUPS, conform
from dedup.crew import KEYS_AT_ONCE, MOST_KEYS, Crew
from dedup.judge import judge
from dedup.members import gather, leave, those
from dedup.ranked import Integers
from dedup.scratch import Scratch, scratch
from dedup.sharing import Met, sharing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call found.

    Attributes:
        verdicts: a table of `VERDICTS`.
        groups: a table of `GROUPS`, every new and known record on one row.
        capped: a table of `CAPPED`: keys too common to be used as they are.
    """

    verdicts: pa.Table
    groups: pa.Table
    capped: pa.Table


# The records of an opened group were joined for some reason once: they stay together as far as the decision allows.
_OPENED = """
SELECT x.record_id AS x_id, y.record_id AS y_id
FROM dedup_members x JOIN dedup_members y ON x.opened = y.opened AND x.record_id < y.record_id
WHERE x.record_id = x.unit AND y.record_id = y.unit
"""

_EDGES = "SELECT x_id, y_id FROM dedup_judged WHERE outcome = 'duplicate'"

# Of equal edges what the records say decides, not which came first: ids only where they say the same.
_BEST_FIRST = """
WITH faces AS (
    SELECT record_id, coalesce(content, (hash(title, first_author, year, journal, volume, issue, pages, doi, pmid,
        CASE WHEN abstract IS NOT NULL THEN (hash(abstract) >> 1)::BIGINT END) >> 1)::BIGINT) AS face
    FROM dedup_faced
)
SELECT c.place FROM dedup_contested c JOIN dedup_judged j USING (x_id, y_id)
JOIN faces a ON a.record_id = c.x_id JOIN faces b ON b.record_id = c.y_id
ORDER BY c.last, round(j.score, 6) DESC, least(a.face, b.face), greatest(a.face, b.face), c.x_id, c.y_id
"""

_FACED = (
    "record_id", "content", "title", "first_author", "year", "journal", "volume", "issue", "pages", "doi", "pmid",
    "abstract",
)  # fmt: skip

_REOPENED = "SELECT x_id, y_id FROM dedup_judged SEMI JOIN dedup_opened_pairs USING (x_id, y_id)"

_VETOED = "SELECT x_id, y_id FROM dedup_judged WHERE hard IS NOT NULL AND certain IS NULL"
_VETOED_STILL = f"FROM ({_VETOED}) ANTI JOIN dedup_opened_pairs USING (x_id, y_id)"

_STORED = """
SELECT min(record_id) OVER (PARTITION BY stored) AS x_id, record_id AS y_id
FROM dedup_members WHERE stored IS NOT NULL AND record_id = unit ORDER BY ALL
"""

_RELEASED = "SELECT record_id, report FROM dedup_members WHERE report IS NOT NULL AND record_id = unit"

# What stood in one group once is looked at together, whether it stands still or not.
_GROUPED = """
SELECT DISTINCT * FROM (
    SELECT min(unit) OVER (PARTITION BY grouped) AS x_id, unit AS y_id FROM dedup_members WHERE grouped IS NOT NULL
) WHERE x_id <> y_id
"""

_DECIDED = """
SELECT DISTINCT least(x.unit, y.unit), greatest(x.unit, y.unit) FROM dedup_{name}_pairs p
JOIN dedup_members x ON x.record_id = p.x_id JOIN dedup_members y ON y.record_id = p.y_id
WHERE x.unit <> y.unit
"""

_UNSEEN = """
SELECT x.unit AS x_id, y.unit AS y_id
FROM dedup_components x JOIN dedup_components y ON x.component = y.component AND x.unit < y.unit
ANTI JOIN dedup_judged j ON j.x_id = x.unit AND j.y_id = y.unit
"""

_SPEAKING = ("journal", "volume", "issue", "first_page", "authors", "first_author", "abstract", "title")

# A record that says little fits two reports that contradict each other: it says nothing about which, unless all that
# speaks for the one speaks for the other too, and more does.
_BRIDGES = """
WITH ends AS (
    SELECT x_id AS bridge, y_id AS shore, anchored, {fields} FROM dedup_judged WHERE outcome = 'duplicate'
    UNION ALL SELECT y_id, x_id, anchored, {fields} FROM dedup_judged WHERE outcome = 'duplicate'
), torn AS (
    SELECT a.bridge, a.shore, a.anchored, b.shore AS far
    FROM ends a JOIN ends b ON a.bridge = b.bridge AND a.shore <> b.shore
    JOIN dedup_judged v ON v.x_id = least(a.shore, b.shore) AND v.y_id = greatest(a.shore, b.shore)
    WHERE v.hard IS NOT NULL AND NOT a.anchored AND NOT ({no_less} AND ({more}))
)
SELECT x_id, y_id, between[1] AS between_x, between[2] AS between_y FROM (
    SELECT least(bridge, shore) AS x_id, greatest(bridge, shore) AS y_id,
        min([least(shore, far), greatest(shore, far)]) AS between
    FROM torn GROUP BY ALL)
""".format(  # noqa: S608
    fields=", ".join(_SPEAKING),
    no_less=" AND ".join(f"a.{field} >= b.{field}" for field in _SPEAKING),
    more=" OR ".join(f"a.{field} > b.{field}" for field in _SPEAKING),
)

_WEAKENED = """
UPDATE dedup_judged SET outcome = 'possible', rule = 'weak_bridge' FROM dedup_bridges b
WHERE b.x_id = dedup_judged.x_id AND b.y_id = dedup_judged.y_id
"""


def deduplicate(
    con: duckdb.DuckDBPyConnection,
    new: pa.Table,
    known: pa.Table,
    new_keys: pa.Table,
    known_keys: pa.Table,
    *,
    groups: pa.Table | None = None,
    released: pa.Table | None = None,
    together: pa.Table | None = None,
    apart: pa.Table | None = None,
    asked: pa.Table | None = None,
    facts: Facts | None = None,
    key_cap: int = 60,
    crew: Crew | None = None,
    buckets: int = 1,
) -> Outcome:
    """Which records report the same thing: the new ones among themselves and against the known ones.

    Known records are compared with each other only where a new record, a decision or a pair that waits for a person
    connects their groups. What was released stands as it is: where all records at once would give something else, a
    pair is named that shows it, `both_released` of two reports that would be one, `released_together` inside a report
    that would be several. Whatever else is connected is grouped anew.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        new: a table of `NORMALISED`: the records to compare with all others.
        known: a table of `NORMALISED`; record ids differ from those of `new`.
        new_keys: what `keys` made of `new`.
        known_keys: what `keys` made of `known`.
        groups: `record_id`, `group_id` of records that were grouped before; one that is absent stands alone. A group
            that holds a released record stands as a whole, unless a person parts it.
        released: `record_id`, `report` of records whose report was released: different reports are never joined,
            unless a person did.
        together: `x_id`, `y_id` that a person called duplicates: joined against any veto.
        apart: `x_id`, `y_id` that a person called distinct: kept apart with all that is grouped with them.
        asked: `x_id`, `y_id` of known records that wait for a person by one of `ASKING_RULES`: looked at again.
        facts: what holds in the whole collection, where `known` is only what the new records touch.
        key_cap: how many units may share a block key.
        crew: who shares the comparing; nobody where None.
        buckets: parts, at least, into which the keys are divided among the crew.

    Raises:
        ColumnsDiffer: a table is not what its schema declares.
        RecordIdsRepeat: a record id stands twice.
        DecisionsContradict: a pair is both together and apart.
    """
    new, known = conform("new", new, NORMALISED), conform("known", known, NORMALISED)
    with scratch(con) as space:
        for name, table, schema in (
            ("new", new, NORMALISED),
            ("known", known, NORMALISED),
            ("new_keys", new_keys, KEYS),
            ("known_keys", known_keys, KEYS),
            ("groups", groups, STORED_GROUPS),
            ("released", released, RELEASED),
            ("together", together, DECIDED),
            ("apart", apart, DECIDED),
            ("asked", asked, DECIDED),
        ):
            space.lend(name, schema.empty_table() if table is None else conform(name, table, schema))
        gather(space, new, known, facts or learn(space, ("new", "known")))
        pairs, capped = block.pairs(space, key_cap, _share(crew, buckets, new_keys.num_rows))
        # What the caller does not keep either is given back as soon as it has been read.
        space.lend("known", known.select(["record_id"]))
        del new, known, new_keys, known_keys, table
        space.give_back("new", "new_keys", "known_keys")
        leave(space, pairs.records(), crew.hands if crew else 1)
        space.table("opened_pairs", _OPENED)
        sentences = judge(space, pairs, "judged", crew=crew)
        del pairs
        sentences += _close_components(space, crew)
        space.table("bridges", _BRIDGES)
        con.execute(_WEAKENED)
        free, standing, refused = _grouped(space)
        space.keep("refused", _refused(refused))
        return Outcome(report.verdicts(space, free, standing, sentences), report.groups(space), capped)


def _grouped(space: Scratch) -> tuple[Grouping, Grouping, list[Refusal]]:
    """The groups that the records come to, those that come of it beside what was released, and what was refused.

    The first know nothing of releases, so they are what all records at once would give. What was released stays, and
    a record joins it only where the first say so too.
    """
    edges = _pairs(space, _EDGES)
    decided = {name: _pairs(space, _DECIDED.format(name=name)) for name in ("together", "apart")}
    free = cluster(
        edges,
        best_first=partial(_best_first, space, edges, len(edges[0])),
        stored=NOTHING,
        vetoes=_pairs(space, _VETOED),
        released=NOTHING,
        **decided,
    )
    released = _pairs(space, _RELEASED)
    if not len(released[0]):
        return free, free, free.refused
    x, y = (free.group_of(end) for end in edges)
    inside, reopened = [end[x == y] for end in edges], _pairs(space, _REOPENED)
    edges = (np.concatenate([inside[0], reopened[0]]), np.concatenate([inside[1], reopened[1]]))
    standing = cluster(
        edges,
        best_first=partial(_best_first, space, edges, len(inside[0])),
        stored=_pairs(space, _STORED),
        vetoes=_pairs(space, _VETOED_STILL),
        released=released,
        **decided,
    )
    return free, standing, free.refused + standing.refused


def _best_first(space: Scratch, edges: Pairs, first: int, places: Integers) -> Integers:
    """Places of edges in the order in which they are joined.

    Args:
        space: holds what was judged.
        edges: all of them.
        first: how many come before the others, whatever their scores.
        places: of some of them.
    """
    ends = {name: end[places] for name, end in zip(("x_id", "y_id"), edges, strict=True)}
    space.keep("contested", pa.table({"place": places, "last": places >= first} | ends))
    space.lend("faced", those(space, np.concatenate(list(ends.values())), _FACED).table)
    ordered = space.read(_BEST_FIRST)
    space.take_back("faced")
    return np.asarray(ordered.column("place").to_numpy())


def _share(crew: Crew | None, buckets: int, keys: int) -> block.Share:
    """How keys are compared: by the crew where they are many."""
    if crew is None or (buckets == 1 and keys <= KEYS_AT_ONCE):
        return sharing
    return partial(share_keys, crew, max(buckets, crew.hands, -(-keys // MOST_KEYS)))


def _close_components(space: Scratch, crew: Crew | None) -> list[pa.Array]:
    """Judge also the pairs inside a component that share no key: only then does its every contradiction show.

    Returns:
        Their sentences.
    """
    units, smallest = components(
        _pairs(space, _EDGES),
        _pairs(space, "SELECT x_id, y_id FROM dedup_opened_pairs"),
        _pairs(space, _GROUPED),
        _pairs(space, _DECIDED.format(name="asked")),
        _pairs(space, _DECIDED.format(name="together")),
    )
    space.keep("components", pa.table({"unit": units, "component": smallest}))
    space.table("unseen", _UNSEEN)
    unseen = space.read("SELECT x_id, y_id FROM dedup_unseen")
    if not unseen.num_rows:
        return []
    return judge(space, Met.of(unseen), "judged", every=True, crew=crew, before=space.count("judged"))


def _pairs(space: Scratch, select: str) -> Pairs:
    x, y = space.read(select).columns
    return x.to_numpy(), y.to_numpy()


def _refused(refused: list[Refusal]) -> pa.Table:
    ends = np.array([(*r.pair, *r.between) for r in refused], np.int64).reshape(-1, 4)
    columns = {name: ends[:, at] for at, name in enumerate(("x_id", "y_id", "between_x", "between_y"))}
    return pa.table(columns | {"bar": pa.array([r.bar for r in refused], pa.string())})
