"""Words of reviewers as rows: written down and taken back, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from livingsearch.errors import ScreeningRefused
from livingsearch.services.context import ReviewContext
from livingsearch.store import append_to_log, utc_naive


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be written down.

    Attributes:
        report_id: of the report, one that holds records.
        stage: of `STAGES`.
        word: of `WORDS`, or `conflict` where a tool says that people differ.
        reason: for an exclusion.
        who: said it.
        consensus: whether it settles what others said.
        note: kept with it.
    """

    report_id: int
    stage: str
    word: str
    reason: str | None
    who: str
    consensus: bool = False
    note: str | None = None


def write_words(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, words: Sequence[Word], return_id: int | None = None
) -> tuple[int, int]:
    """Writes words down in one entry of the log, but for those that are in force already.

    Args:
        con: inside a write transaction.
        context: the review.
        words: at most one a report, stage and person.
        return_id: of the file that they came in.

    Returns:
        How many were written, and how many were in force already.
    """
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE arriving_word AS
        SELECT unnest(range(len($report_id))) AS place, unnest($report_id::BIGINT[]) AS report_id,
            unnest($stage::VARCHAR[]) AS stage, unnest($word::VARCHAR[]) AS word, unnest($reason::VARCHAR[]) AS reason,
            unnest($who::VARCHAR[]) AS who, unnest($consensus::BOOLEAN[]) AS consensus, unnest($note::VARCHAR[]) AS note
        """,
        {name: [getattr(word, name) for word in words] for name in Word.__dataclass_fields__},
    )
    # The same again is no news, also of a person whose word a consensus has settled since: a file may come twice.
    con.execute(
        """
        DELETE FROM arriving_word a USING (
            SELECT report_id, stage, consensus, if(consensus, '', lower(who)) AS speaker,
                arg_max((word, reason), screening_id) AS said
            FROM screening
            WHERE report_id IN (SELECT report_id FROM arriving_word)
                AND screening_id NOT IN (SELECT screening_id FROM screening_undone)
            GROUP BY ALL
        ) l
        WHERE (l.report_id, l.stage, l.consensus) = (a.report_id, a.stage, a.consensus)
            AND l.speaker = if(a.consensus, '', lower(a.who)) AND l.said IS NOT DISTINCT FROM (a.word, a.reason)
        """
    )
    row = con.execute("SELECT count(*) FROM arriving_word").fetchone()
    said = row[0] if row else 0
    if said:
        detail = {"words": said, "file": return_id}
        position = append_to_log(con, "screening", context.now(), context.actor, detail)
        con.execute(
            """
            INSERT INTO screening (screening_id, report_id, stage, word, reason, who, consensus, note, return_id,
                instant, position)
            SELECT (SELECT coalesce(max(screening_id), 0) FROM screening) + row_number() OVER (ORDER BY place),
                report_id, stage, word, reason, who, consensus, note, $return_id, $instant, $position
            FROM arriving_word ORDER BY place
            """,
            {"return_id": return_id, "instant": utc_naive(context.now()), "position": position},
        )
    con.execute("DROP TABLE arriving_word")
    return said, len(words) - said


def undo_words(con: duckdb.DuckDBPyConnection, context: ReviewContext, words: Sequence[int], why: str | None) -> int:
    """Takes words back, in one entry of the log.

    Args:
        con: inside a write transaction.
        context: the review.
        words: their numbers; those that were taken back before are passed over.
        why: kept with it.

    Returns:
        The entry's position.
    """
    position = append_to_log(con, "screening undone", context.now(), context.actor, {"words": len(words), "why": why})
    con.execute(
        "INSERT INTO screening_undone (screening_id, who, why, instant, position) "
        "SELECT unnest($words::BIGINT[]), $who, $why, $instant, $position ON CONFLICT DO NOTHING",
        {
            "words": list(words),
            "who": context.actor,
            "why": why,
            "instant": utc_naive(context.now()),
            "position": position,
        },
    )
    return position


def one_line(text: str, what: str) -> str:
    """A text on one line.

    Raises:
        ScreeningRefused: nothing is left of it.
    """
    plain = " ".join(text.split())
    if not plain:
        raise ScreeningRefused(f"{what[0].upper()}{what[1:]} is empty.")
    return plain
