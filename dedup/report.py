"""Write down what was found: verdicts with their evidence in words, and groups."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.cluster import Grouping
from dedup.columns import GROUPS, VERDICTS, conform
from dedup.crew import Parcel, packed
from dedup.members import those
from dedup.ranked import inverse, order_of
from dedup.scratch import Scratch
from dedup.wording import SCORES_OF_SAME, scores_told

_MEMBERS = "SELECT record_id, unit FROM dedup_members"

# Groups that no new record touches keep their members; they, too, are named by their smallest record.
_GROUPS = """
SELECT record_id, cluster AS group_id FROM dedup_placed
UNION ALL
SELECT k.record_id, min(k.record_id) OVER (PARTITION BY g.group_id)
FROM dedup_known k JOIN dedup_groups g USING (record_id) ANTI JOIN dedup_members m USING (record_id)
UNION ALL
SELECT record_id, record_id
FROM dedup_known k ANTI JOIN dedup_groups g USING (record_id) ANTI JOIN dedup_members m USING (record_id)
ORDER BY record_id
"""

CLUSTER_RULES = ("cluster_two_pmids", "cluster_two_dois", "cluster_far_years", "released_together")
"""Rules of pairs inside one group, which show that it may be several: it holds what one report seldom bears, or it was
released as one and would not be joined today."""

ASKING_RULES = ("both_released", "released_together", "cluster_conflict", "weak_bridge")
"""Rules of possible pairs that were joined but for what stands around them: what comes later may change that."""

DOUBTED = "one report bears two"
"""So begins the part of a sentence that says why a group is doubted."""

# Whose fields are told beside their pairs: of groups that may be several, and of identical records.
_TOLD_OF = """
SELECT unnest([x_id, y_id]) AS record_id FROM dedup_contradicting
UNION SELECT unit FROM dedup_members WHERE record_id <> unit AND fresh
"""

_CONTRADICTING = """
SELECT x.cluster, j.* FROM (SELECT x_id, y_id, coalesce(outcome, '') AS outcome, score, pmid, doi, year_gap
    FROM dedup_judged WHERE pmid = -1 OR doi = -1 OR year_gap >= 3) j
JOIN dedup_placed x ON x.record_id = j.x_id
JOIN dedup_placed y ON y.record_id = j.y_id AND y.cluster = x.cluster AND y.free = x.free
"""

_TELLING = (
    "record_id", "identity", "grouped", "opened", "fresh", "year", "journal", "volume", "issue", "first_page",
    "last_page", "doi", "pmid", "title", "names", "abstract",
)  # fmt: skip

# Of titles, names and abstracts only that they are there is asked.
_TOLD = """
SELECT * EXCLUDE (title, names, abstract), title IS NOT NULL AS titled, len(names) > 0 AS named,
    abstract IS NOT NULL AS abstracted
FROM dedup_chosen
"""

# One pair shows it, if possible one that does not hold the group together. What was settled is not asked again: inside
# a stored group, and of numbers or years that a person saw on a pair and called one report.
_DOUBTED = """
WITH told AS (
    SELECT j.cluster, j.x_id, j.y_id, j.outcome, j.score,
        CASE WHEN j.pmid = -1 THEN [least(a.pmid, b.pmid), greatest(a.pmid, b.pmid)] END AS pmids,
        CASE WHEN j.doi = -1 THEN [least(a.doi, b.doi), greatest(a.doi, b.doi)] END AS dois,
        CASE WHEN j.year_gap >= 3 THEN [least(a.year, b.year), greatest(a.year, b.year)] END AS years,
        (a.grouped = b.grouped) IS TRUE AND a.opened IS NULL AND NOT a.fresh AND NOT b.fresh AS settled,
        d.x_id IS NOT NULL AS decided
    FROM dedup_contradicting j JOIN dedup_told a ON a.record_id = j.x_id JOIN dedup_told b ON b.record_id = j.y_id
    LEFT JOIN dedup_together_pairs d ON d.x_id = j.x_id AND d.y_id = j.y_id
), new AS (
    SELECT * REPLACE (
        CASE WHEN NOT coalesce(list_contains(list(pmids) FILTER (decided) OVER same, pmids), false) THEN pmids END
            AS pmids,
        CASE WHEN NOT coalesce(list_contains(list(dois) FILTER (decided) OVER same, dois), false) THEN dois END AS dois,
        CASE WHEN NOT coalesce(list_contains(list(years) FILTER (decided) OVER same, years), false) THEN years END
            AS years)
    FROM told WINDOW same AS (PARTITION BY cluster)
)
SELECT x_id, y_id, CASE WHEN pmids IS NOT NULL THEN 'cluster_two_pmids' WHEN dois IS NOT NULL THEN 'cluster_two_dois'
        ELSE 'cluster_far_years' END AS rule,
    concat_ws('; ', '{doubted} PMIDs: ' || pmids[1] || ' and ' || pmids[2],
        '{doubted} DOIs: ' || dois[1] || ' and ' || dois[2],
        '{doubted} years, three or more apart: ' || years[1] || ' and ' || years[2]) AS words
FROM new
WHERE NOT settled AND NOT decided AND coalesce(pmids[1], dois[1], years[1]::VARCHAR) IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY cluster ORDER BY outcome = 'duplicate', pmids IS NULL, dois IS NULL,
    round(score, 6) DESC, x_id, y_id) = 1
""".replace("{doubted}", DOUBTED)

# A report that was released as one, of records that would be several: each part but the first is shown beside another,
# by the pair that contradicts, or else by the most likely one.
_DIVIDED = """
WITH parts AS (
    SELECT m.record_id, p.cluster, m.report, p.free AS part
    FROM dedup_members m JOIN dedup_placed p USING (record_id) WHERE m.report IS NOT NULL AND m.record_id = m.unit
), several AS (
    SELECT * FROM parts WINDOW same AS (PARTITION BY cluster, report)
    QUALIFY min(part) OVER same <> max(part) OVER same
)
SELECT j.x_id, j.y_id, 'released_together' AS rule
FROM several x JOIN several y ON x.cluster = y.cluster AND x.report = y.report AND x.part < y.part
JOIN dedup_judged j ON j.x_id = least(x.record_id, y.record_id) AND j.y_id = greatest(x.record_id, y.record_id)
QUALIFY row_number() OVER (PARTITION BY y.part, y.cluster, y.report
    ORDER BY j.hard IS NULL, round(j.score, 6) DESC, j.x_id, j.y_id) = 1
"""

_SPOKEN = """
WITH refused AS (
    SELECT x_id, y_id, bar, between[1] AS between_x, between[2] AS between_y FROM (
        SELECT x_id, y_id, min(bar) AS bar, min([between_x, between_y]) AS between
        FROM dedup_refused GROUP BY x_id, y_id)
), final AS (
    SELECT j.x_id, j.y_id, j.score, j.scores, j.relation, j.place,
        CASE WHEN (r.bar IS NOT NULL AND j.outcome = 'duplicate') OR s.rule IS NOT NULL
                  OR (q.rule IS NOT NULL AND j.outcome IS DISTINCT FROM 'duplicate') THEN 'possible'
             ELSE j.outcome END AS outcome,
        CASE WHEN s.rule IS NOT NULL THEN s.rule
             WHEN q.rule IS NOT NULL AND j.outcome IS DISTINCT FROM 'duplicate' THEN q.rule
             WHEN r.bar IS NULL OR j.outcome IS DISTINCT FROM 'duplicate' THEN j.rule
             WHEN r.bar = 'both_released' THEN r.bar ELSE 'cluster_conflict' END AS rule,
        r.bar, coalesce(r.between_x, b.between_x) AS between_x, coalesce(r.between_y, b.between_y) AS between_y,
        coalesce(s.rule, q.rule) AS doubt, q.words AS doubted, j.fresh
    FROM dedup_judged j
    LEFT JOIN refused r ON r.x_id = j.x_id AND r.y_id = j.y_id
    LEFT JOIN dedup_bridges b ON b.x_id = j.x_id AND b.y_id = j.y_id
    LEFT JOIN dedup_doubted q ON q.x_id = j.x_id AND q.y_id = j.y_id
    LEFT JOIN dedup_divided s ON s.x_id = j.x_id AND s.y_id = j.y_id
    ANTI JOIN (SELECT * FROM dedup_apart_pairs UNION SELECT * FROM dedup_together_pairs) d
        ON d.x_id = j.x_id AND d.y_id = j.y_id
    WHERE j.outcome IS NOT NULL OR q.rule IS NOT NULL OR s.rule IS NOT NULL
), kept_apart AS (
    SELECT DISTINCT least(x.cluster, y.cluster) AS one, greatest(x.cluster, y.cluster) AS other
    FROM dedup_apart_pairs p JOIN dedup_placed x ON x.record_id = p.x_id JOIN dedup_placed y ON y.record_id = p.y_id
), asked AS (
    SELECT f.*, least(x.cluster, y.cluster) AS one, greatest(x.cluster, y.cluster) AS other,
        CASE WHEN x.free = y.free THEN x.free END AS kin
    FROM final f JOIN dedup_placed x ON x.record_id = f.x_id JOIN dedup_placed y ON y.record_id = f.y_id
    WHERE f.outcome = 'possible' AND f.doubt IS NULL AND x.cluster <> y.cluster
)
-- Of two known records only what was not settled when they came is said.
FROM final WHERE (fresh AND outcome <> 'possible') OR doubt IS NOT NULL
UNION ALL
-- One question settles two groups: the others between them would ask the same. First comes what would be joined but for
-- what stands around it. Where releases keep apart what would be one, it is asked of a pair that would be.
SELECT a.* EXCLUDE (one, other, kin) FROM asked a LEFT JOIN kept_apart k ON k.one = a.one AND k.other = a.other
WHERE CASE WHEN k.one IS NULL THEN fresh OR rule IN {asking}
    ELSE fresh AND rule IN ('cluster_conflict', 'both_released') END
WINDOW two AS (PARTITION BY a.one, a.other),
    asking AS (PARTITION BY a.one, a.other, kin ORDER BY rule NOT IN {asking}, round(score, 6) DESC, x_id, y_id)
QUALIFY row_number() OVER asking = 1 AND (kin IS NOT NULL OR count(kin) OVER two = 0)
""".replace("{asking}", str(ASKING_RULES))

_OBJECTIONS = """
SELECT j.x_id, j.y_id, j.objection FROM dedup_judged j
SEMI JOIN (SELECT between_x AS x_id, between_y AS y_id FROM dedup_spoken) s USING (x_id, y_id)
"""

# A pair's own sentence stands aside, at its `place`; `before` and `after` are what stands around it.
_VERDICTS = """
SELECT v.x_id, v.y_id, v.outcome, v.rule, round(v.score, 3) AS score, v.place,
    nullif(concat_ws('; ', CASE WHEN v.rule = 'released_together'
        THEN 'released as one report, and would not be joined today' END, v.doubted), '') AS before,
    CASE WHEN v.rule = 'both_released'
         THEN 'already released as two reports: records ' || v.between_x || ' and ' || v.between_y
         WHEN v.bar = 'apart' THEN 'a person keeps records ' || v.between_x || ' and ' || v.between_y || ' apart'
         WHEN v.rule IN ('cluster_conflict', 'weak_bridge', 'released_together')
         THEN 'records ' || v.between_x || ' and ' || v.between_y || ' contradict each other'
              || coalesce(' (' || w.objection || ')', '') END AS after,
    v.scores, CASE WHEN v.outcome = 'related' THEN v.relation END AS relation
FROM dedup_spoken v LEFT JOIN dedup_objections w ON w.x_id = v.between_x AND w.y_id = v.between_y
WHERE v.x_id BETWEEN $first AND $last
UNION ALL
SELECT m.unit, m.record_id, 'duplicate',
    CASE WHEN m.identity = u.identity THEN 'same_accession' ELSE 'identical_fields' END,
    CASE WHEN m.identity = u.identity THEN 300.0 ELSE 150.0 END, NULL,
    CASE WHEN m.identity = u.identity THEN 'same source and accession number' END, 'all fields the same',
    {same} AS scores, NULL
FROM dedup_members m JOIN dedup_told u ON u.record_id = m.unit
WHERE m.record_id <> m.unit AND m.fresh AND m.unit BETWEEN $first AND $last
ORDER BY x_id, y_id
""".replace("{same}", SCORES_OF_SAME)

_SCORES = f"SELECT {scores_told('number')} AS told FROM dedup_numbers ORDER BY place"  # noqa: S608

_FIRST_IDS = """
SELECT x_id FROM dedup_spoken UNION ALL SELECT unit FROM dedup_members WHERE record_id <> unit AND fresh ORDER BY x_id
"""

AT_ONCE = 250_000
"""Verdicts that are put into words at once."""


def verdicts(space: Scratch, free: Grouping, standing: Grouping, sentences: list[pa.Array]) -> pa.Table:
    """Verdicts that a librarian can read, as a table of `VERDICTS`.

    Args:
        space: holds what was judged, and `dedup_refused`; the records are given back.
        free: the groups that all units come to.
        standing: those that come of it beside what was released.
        sentences: what each pair says, in the order of their places.
    """
    space.keep("placed", _placed(space.read(_MEMBERS), free, standing))
    space.table("divided", _DIVIDED)
    space.table("contradicting", _CONTRADICTING)
    space.lend("chosen", those(space, space.read(_TOLD_OF).column("record_id").to_numpy(), _TELLING).table)
    space.table("told", _TOLD)
    space.give_back("chosen", "present")
    space.table("doubted", _DOUBTED)
    space.table("spoken", _SPOKEN)
    space.table("objections", _OBJECTIONS)
    said = pa.table({"sentence": pa.chunked_array(sentences, pa.string())})
    parts = (space.read(_VERDICTS, {"first": first, "last": last}) for first, last in _ranges(space))
    return pa.concat_tables(packed(_worded(space, part, said)) for part in parts)


def _placed(members: pa.Table, free: Grouping, standing: Grouping) -> pa.Table:
    """Records with the groups of their units: their `cluster`, and the one that they would have `free` of releases."""
    units = members.column("unit").to_numpy()
    cluster = standing.group_of(units)
    would_have = cluster if free is standing else free.group_of(units)
    return pa.table({"record_id": members.column("record_id"), "cluster": cluster, "free": would_have})


def _worded(space: Scratch, found: pa.Table, sentences: pa.Table) -> pa.Table:
    """Rows of `VERDICTS`: what was found, put into words.

    Args:
        space: where.
        found: with the `place` of a pair's sentence, what stands `before` and `after` it, and `scores` as numbers.
        sentences: of all pairs.
    """
    said = [found.column("before"), _at(sentences, found.column("place")), found.column("after")]
    evidence = pc.binary_join_element_wise(*said, "; ", null_handling="skip")
    scores = found.column("scores").combine_chunks().dictionary_encode()
    space.lend("numbers", pa.table({"number": scores.dictionary, "place": np.arange(len(scores.dictionary))}))
    told = space.read(_SCORES).column("told").take(scores.indices)
    space.take_back("numbers")
    made = dict(zip(found.column_names, found.columns, strict=True)) | {"evidence": evidence, "scores": told}
    return conform("verdicts", pa.table(made), VERDICTS)


def _at(sentences: pa.Table, places: pa.ChunkedArray) -> pa.Array:
    """Sentences at places in any order; null where there is none."""
    known = places.is_valid().to_numpy()
    chosen = places.drop_null().to_numpy()
    order = order_of(chosen)
    rows = np.zeros(len(places), np.int64)
    rows[known] = inverse(order)
    found = Parcel(sentences, chosen[order]).table.column("sentence").combine_chunks()
    return found.take(pa.array(rows, mask=~known))


def _ranges(space: Scratch) -> Iterator[tuple[int, int]]:
    """First and last `x_id` of the verdicts that are written at once: sentences are long, and sorting doubles them."""
    ids = space.read(_FIRST_IDS).column("x_id").to_numpy()
    firsts = np.unique(ids[::AT_ONCE]) if len(ids) else np.zeros(1, np.int64)
    lasts = np.append(firsts[1:] - 1, ids[-1:] if len(ids) else -1)
    return zip(firsts.tolist(), lasts.tolist(), strict=True)


def groups(space: Scratch) -> pa.Table:
    """Every record with its group, as a table of `GROUPS`; to be called after `verdicts`.

    Args:
        space: the same.
    """
    return conform("groups", space.read(_GROUPS), GROUPS)
