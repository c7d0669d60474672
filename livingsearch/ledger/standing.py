"""Where each report stands in screening at a position: in exactly one state, so that the boxes of a flow add up.

What people said of a report is read by these rules:

- A person's later word replaces the earlier one. A consensus settles all words before it. Both hold only for words that
  could be seen: where two reports turned out to be one later, what was said of each counts until somebody speaks again.
- Words that differ are a conflict: the report is pending until a consensus. So is a report of which a stage says that
  it is out and a later stage says something else.
- A word at a later stage says that the earlier ones were passed, where nothing was said there.
- Reports by other methods are sought at once, unless somebody excludes them on their title.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

STATES = (
    "automation",
    "other reason",
    "set aside",
    "awaiting screening",
    "excluded on title",
    "pending on title",
    "not retrieved",
    "awaiting retrieval",
    "pending",
    "excluded",
    "included",
)
"""Every state of a report, in the order of the diagram; `set aside` is of other methods alone."""

STAGES = ("before", "title", "retrieval", "fulltext", "inclusion")

NO_REASON = "Reason not given"
MANY_REASONS = "Reason not agreed"
"""Reviewers exclude a report in agreement and for different reasons."""

_CODED = ("include", "exclude", "maybe", "conflict", "automation", "other")

# Words in force: not taken back, and not replaced or settled by a later word that could see them.
_WORDS = """
CREATE OR REPLACE TEMP TABLE at_word AS
WITH said AS (
    SELECT s.screening_id, s.stage, s.word, s.reason, s.who, s.consensus, s.position, s.report_id AS said_of,
        coalesce(m.root, s.report_id) AS report_id, coalesce(m.joined_at, 0) AS joined_at
    FROM screening s LEFT JOIN at_moved m ON m.report_id = s.report_id
        ANTI JOIN (SELECT screening_id FROM screening_undone WHERE position <= $position) u
            ON u.screening_id = s.screening_id
    WHERE s.position <= $position
),
replaced AS (
    SELECT DISTINCT w.screening_id
    FROM said w JOIN said c ON c.report_id = w.report_id AND c.stage = w.stage AND c.screening_id > w.screening_id
    WHERE (c.consensus OR (NOT w.consensus AND lower(c.who) = lower(w.who)))
        AND (c.said_of = w.said_of OR c.position > greatest(c.joined_at, w.joined_at))
)
SELECT *, list_position($words, word)::TINYINT AS code FROM said ANTI JOIN replaced USING (screening_id)
"""

# A word of people who agree, a conflict of people who differ, nothing where nobody said anything. Numbers are compared
# in place of words: they stand for their places in $words.
_AGREED = """CASE WHEN min(code) {at} = max(code) {at} THEN list_extract($words, min(code) {at})
            WHEN min(code) {at} < max(code) {at} THEN 'conflict' END AS {stage}"""
_STAGED = ",\n        ".join(_AGREED.format(stage=stage, at=f"FILTER (stage = '{stage}')") for stage in STAGES)

_STANDING = """
CREATE OR REPLACE TEMP TABLE at_standing AS
WITH agreed AS (
    SELECT report_id,
        {staged}
    FROM at_word GROUP BY report_id
),
reasons AS (
    SELECT report_id, stage,
        if(min(lower(reason)) < max(lower(reason)), $many_reasons, arg_min(reason, screening_id)) AS reason
    FROM at_word WHERE stage IN ('fulltext', 'inclusion') AND reason IS NOT NULL GROUP BY report_id, stage
),
stages AS (
    SELECT a.*, f.reason AS fulltext_reason, i.reason AS inclusion_reason
    FROM agreed a
        LEFT JOIN (FROM reasons WHERE stage = 'fulltext') f ON f.report_id = a.report_id
        LEFT JOIN (FROM reasons WHERE stage = 'inclusion') i ON i.report_id = a.report_id
),
judged AS (
    SELECT p.*, s.* EXCLUDE (report_id),
        s.retrieval IS NOT NULL OR s.fulltext IS NOT NULL OR s.inclusion IS NOT NULL AS sought,
        s.fulltext IS NOT NULL OR s.inclusion IS NOT NULL AS assessed
    FROM at_placed p LEFT JOIN stages s USING (report_id)
)
SELECT report_id, record_id, update_number, other, CASE
        WHEN other AND (before IS NOT NULL OR title IN ('exclude', 'conflict') OR (title = 'maybe' AND NOT sought))
            THEN 'set aside'
        WHEN before = 'automation' AND title IS NULL AND NOT sought THEN 'automation'
        WHEN before = 'other' AND title IS NULL AND NOT sought THEN 'other reason'
        WHEN before IS NOT NULL AND (title IS NOT NULL OR sought) THEN 'pending on title'
        WHEN before IS NOT NULL THEN 'awaiting screening'
        WHEN other AND NOT coalesce(sought, false) THEN 'awaiting retrieval'
        WHEN title IS NULL AND NOT coalesce(sought, false) THEN 'awaiting screening'
        WHEN title = 'exclude' AND NOT sought THEN 'excluded on title'
        WHEN title IN ('exclude', 'conflict') OR (title = 'maybe' AND NOT sought) THEN 'pending on title'
        WHEN retrieval = 'exclude' AND NOT assessed THEN 'not retrieved'
        WHEN retrieval IN ('exclude', 'conflict') OR (coalesce(retrieval, 'maybe') = 'maybe' AND NOT assessed)
            THEN 'awaiting retrieval'
        WHEN inclusion = 'exclude' THEN 'excluded'
        WHEN inclusion IN ('maybe', 'conflict') THEN 'pending'
        WHEN inclusion = 'include' THEN if(coalesce(fulltext, 'include') IN ('include', 'maybe'), 'included', 'pending')
        WHEN fulltext = 'exclude' THEN 'excluded'
        WHEN fulltext = 'include' THEN 'included'
        ELSE 'pending'
    END AS state,
    CASE WHEN state = 'excluded'
        THEN coalesce(if(inclusion = 'exclude', inclusion_reason, fulltext_reason), $no_reason) END AS reason,
    coalesce('conflict' IN (before, title, retrieval, fulltext, inclusion), false)
        OR coalesce((before IS NOT NULL AND (title IS NOT NULL OR sought)) OR (title = 'exclude' AND sought)
            OR (retrieval = 'exclude' AND assessed) OR (fulltext = 'exclude' AND inclusion = 'include'), false)
        AS conflict,
    before, title, retrieval, fulltext, inclusion
FROM judged
"""

# The study of each report that was ever put into one; a report that became another's speaks for that one too.
_STUDIES = """
CREATE OR REPLACE TEMP TABLE at_study AS
SELECT report_id, study_id FROM (
    SELECT coalesce(m.root, e.report_id) AS report_id, arg_max(e.study_id, e.seq) AS study_id
    FROM study_event e LEFT JOIN at_moved m ON m.report_id = e.report_id
    WHERE e.position <= $position AND e.study_id IS NOT NULL AND e.seq = (
        SELECT max(l.seq) FROM study_event l WHERE l.report_id = e.report_id AND l.position <= $position
    )
    GROUP BY ALL
)
"""

_LISTED = """
SELECT s.report_id, s.update_number, s.state, s.reason, s.conflict, s.other, y.study_id, v.title, v.year,
    coalesce((SELECT list({'stage': w.stage, 'word': w.word, 'reason': w.reason, 'who': w.who,
        'consensus': w.consensus, 'id': w.screening_id, 'instant': g.instant} ORDER BY w.screening_id)
        FROM at_word w JOIN log g ON g.position = w.position WHERE w.report_id = s.report_id), []) AS words
FROM at_standing s LEFT JOIN at_study y USING (report_id)
    LEFT JOIN (
        SELECT record_id, arg_max(title, version) AS title, arg_max(year, version) AS year
        FROM record_version WHERE run_id IN (SELECT run_id FROM run WHERE position <= $position)
            AND record_id IN (SELECT record_id FROM at_standing WHERE {which})
        GROUP BY record_id
    ) v USING (record_id)
WHERE s.report_id > 0 AND ({which})
ORDER BY s.report_id
LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class Word:
    """What a person, or a tool for people, said of a report, as far as it is in force.

    Attributes:
        word_id: to take it back by.
        stage: of `STAGES`.
        word: `include`, `exclude`, `maybe`, `conflict`; before screening `automation` or `other`.
        reason: for an exclusion.
        who: said it.
        consensus: whether it settles what others said before.
        at: instant (UTC).
    """

    word_id: int
    stage: str
    word: str
    reason: str | None
    who: str
    consensus: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands.

    Attributes:
        report_id: its number.
        update: in whose flow it is counted.
        state: of `STATES`.
        reason: where it is excluded in full text.
        conflict: whether words on it differ, at one stage or from one to the next, and nobody settled them.
        other: whether it came by other methods.
        study_id: of the study that it was put into; None where it is a study of its own.
        title: of the record that brought it.
        year: of that record.
        words: in force, in the order in which they were said.
    """

    report_id: int
    update: int
    state: str
    reason: str | None
    conflict: bool
    other: bool
    study_id: int | None
    title: str | None
    year: int | None
    words: tuple[Word, ...]


def make_standing(con: duckdb.DuckDBPyConnection, position: int) -> None:
    """Makes the temporary tables `at_word`, `at_standing` and `at_study` of a position.

    Args:
        con: the review's database, with the tables of `at_position.make_tables` for the same position.
        position: in the log.
    """
    con.execute(_WORDS, {"position": position, "words": list(_CODED)})
    bound = {"words": list(_CODED), "no_reason": NO_REASON, "many_reasons": MANY_REASONS}
    con.execute(_STANDING.replace("{staged}", _STAGED), bound)
    con.execute(_STUDIES, {"position": position})


def standings(
    con: duckdb.DuckDBPyConnection,
    position: int,
    *,
    reports: tuple[int, ...] | None = None,
    updates: tuple[int, ...] | None = None,
    states: tuple[str, ...] | None = None,
    conflicts: bool = False,
    most: int = 1_000_000,
) -> list[Standing]:
    """The reports that stand somewhere.

    Args:
        con: with the tables of the position.
        position: in the log.
        reports: only these; None for all.
        updates: only those counted in these; None for all.
        states: only those in these; None for all.
        conflicts: only those of which words differ.
        most: how many at most.

    Returns:
        In the order of ids.
    """
    which = (
        "($reports::BIGINT[] IS NULL OR list_contains($reports::BIGINT[], report_id)) "
        "AND ($updates::INTEGER[] IS NULL OR list_contains($updates::INTEGER[], update_number)) "
        "AND ($states::VARCHAR[] IS NULL OR list_contains($states::VARCHAR[], state)) "
        "AND (conflict OR NOT $conflicts)"
    )
    bound: dict[str, object] = {"position": position, "most": most, "conflicts": conflicts}
    bound |= {"reports": _listed(reports), "updates": _listed(updates), "states": _listed(states)}
    rows = con.execute(_LISTED.replace("{which}", which), bound).fetchall()
    return [Standing(*row[:-1], words=tuple(_word(one) for one in row[-1])) for row in rows]  # type: ignore[misc]


def _listed(values: tuple[object, ...] | None) -> list[object] | None:
    return None if values is None else list(values)


def _word(row: dict[str, object]) -> Word:
    at = row["instant"]
    if not isinstance(at, datetime):
        raise TypeError("a log entry without an instant")
    return Word(
        word_id=int(str(row["id"])),
        stage=str(row["stage"]),
        word=str(row["word"]),
        reason=None if row["reason"] is None else str(row["reason"]),
        who=str(row["who"]),
        consensus=bool(row["consensus"]),
        at=at.replace(tzinfo=UTC),
    )
