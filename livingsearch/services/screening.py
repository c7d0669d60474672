"""What reviewers say of reports: taken in one by one, taken back, listed as it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from livingsearch.errors import ScreeningRefused
from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.standing import STAGES, Standing, make_standing, standings
from livingsearch.services.batch_reports import report_name
from livingsearch.services.context import ReviewContext
from livingsearch.services.positions import AsOf, position_of
from livingsearch.store import append_to_log, log_position, utc_naive

WORDS = {
    **dict.fromkeys(STAGES[1:], ("include", "exclude", "maybe")),
    "before": ("automation", "other"),
}
"""What can be said at each stage. Before screening: removed as ineligible by automation tools, or for other reasons."""

MEANINGS = {
    "retrieved": ("retrieval", "include"),
    "not-retrieved": ("retrieval", "exclude"),
}
"""Words that name their stage."""

_NAME = re.compile(r"[Rr]?0*([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Said:
    """What became of words on reports.

    Attributes:
        standings: of these reports now.
        said: words that were written down.
        unchanged: words that were in force already.
        moved: reports that are part of another by now, and of which; the word went there.
    """

    standings: tuple[Standing, ...]
    said: int
    unchanged: int
    moved: tuple[tuple[str, str], ...]


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


def say(
    context: ReviewContext,
    reports: Sequence[str],
    word: str,
    *,
    stage: str = "title",
    reason: str | None = None,
    who: str | None = None,
    consensus: bool = False,
    note: str | None = None,
) -> Said:
    """Writes down a word on reports.

    Args:
        context: the review.
        reports: their ids, such as `R000123`.
        word: one of the stage's in `WORDS`, or of `MEANINGS`.
        stage: `title`, `retrieval`, `fulltext`, `inclusion`, or `before` screening.
        reason: for an exclusion; asked for in full text, where each report has one primary reason.
        who: says it; who runs this program where None.
        consensus: whether it settles what others said before.
        note: kept with it.

    Returns:
        Where the reports stand now. A word that is in force already is not written again.

    Raises:
        ScreeningRefused: an unknown report, stage or word, a report that was not handed out, a missing reason. Nothing
            is written then.
    """
    stage, word = MEANINGS.get(word, (stage, word))
    speaker = one_line(who or context.actor, "the name of who says it")
    told = None if reason is None else one_line(reason, "the reason")
    _require_sense(stage, word, told)
    with context.store.write() as con:
        ids, moved = live_reports(con, reports)
        words = [Word(n, stage, word, told, speaker, consensus, note) for n in ids]
        said, unchanged = write_words(con, context, words)
        found = _standings_now(con, context, tuple(ids))
    return Said(tuple(found), said, unchanged, moved)


def take_back(
    context: ReviewContext,
    reports: Sequence[str],
    *,
    stage: str | None = None,
    who: str | None = None,
    why: str | None = None,
) -> Said:
    """Takes back the last word on each report; what was said before it is in force again.

    Args:
        context: the review.
        reports: their ids.
        stage: only of this one.
        who: only what this person said.
        why: kept with it.

    Returns:
        Where the reports stand now; `said` is how many words were taken back.

    Raises:
        ScreeningRefused: a report of which nothing that fits is in force. Nothing is changed then.
    """
    with context.store.write() as con:
        ids, moved = live_reports(con, reports)
        before = {one.report_id: one for one in _standings_now(con, context, tuple(ids))}
        last = []
        for report_id in ids:
            fitting = [
                word
                for word in (before[report_id].words if report_id in before else ())
                if stage in (None, word.stage) and (who is None or word.who.casefold() == who.strip().casefold())
            ]
            if not fitting:
                raise ScreeningRefused(
                    f"No word on {report_name(report_id)} that fits is in force, so there is none to take back; "
                    f"see: livingsearch screening {context.review.slug} --report {report_name(report_id)}"
                )
            last.append(max(word.word_id for word in fitting))
        undo_words(con, context, last, why)
        found = _standings_now(con, context, tuple(ids))
    return Said(tuple(found), len(last), 0, moved)


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


def screening_list(
    context: ReviewContext,
    *,
    as_of: AsOf = None,
    reports: Sequence[str] | None = None,
    updates: tuple[int, ...] | None = None,
    states: tuple[str, ...] | None = None,
    conflicts: bool = False,
) -> list[Standing]:
    """The reports, each where it stands as of an update or a date.

    Args:
        context: the review.
        as_of: an update's number for its closing, a date for its end; None for now.
        reports: only these.
        updates: only those counted in these.
        states: only those in these states of `ledger.standing.STATES`.
        conflicts: only those of which words differ.

    Returns:
        In the order of ids.

    Raises:
        ScreeningRefused: a name that is no report's.
        UpdateRefused: there is no such update, or it is not closed.
    """
    with context.store.read() as con:
        position = position_of(con, context, as_of)
        make_tables(con, position, context.preferred_at(con, position))
        make_standing(con, position)
        ids = None if reports is None else tuple(report_number(name) for name in reports)
        return standings(con, position, reports=ids, updates=updates, states=states, conflicts=conflicts)


def report_number(name: str) -> int:
    """The number of a report by its id.

    Raises:
        ScreeningRefused: no report is called so.
    """
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise ScreeningRefused(f"{name!r} is no id of a report; they look like R000123.")
    return int(found[1])


def live_reports(
    con: duckdb.DuckDBPyConnection, reports: Sequence[str]
) -> tuple[list[int], tuple[tuple[str, str], ...]]:
    """The reports of some ids, each once; where one is part of another by now, that other.

    Args:
        con: the review's database.
        reports: ids.

    Returns:
        Their numbers, and which ids led to others.

    Raises:
        ScreeningRefused: an id that no report has, or a report that no batch handed out yet.
    """
    asked = [report_number(name) for name in reports]
    if not asked:
        raise ScreeningRefused("No report was named.")
    rows = con.execute(
        """
        WITH asked AS (SELECT unnest($asked::BIGINT[]) AS report_id),
        last AS (
            SELECT report_id, arg_max(record_id, seq) AS record_id FROM report_event
            WHERE report_id IN (SELECT report_id FROM asked) GROUP BY report_id
        ),
        holds AS (SELECT record_id, arg_max(report_id, seq) AS report_id FROM report_event
            WHERE event = 'joined' GROUP BY record_id),
        found AS (
            SELECT a.report_id AS asked,
                if(a.report_id IN (SELECT report_id FROM holds), a.report_id, h.report_id) AS report_id
            FROM asked a LEFT JOIN last l USING (report_id) LEFT JOIN holds h USING (record_id)
        )
        SELECT f.asked, f.report_id, f.report_id IN (SELECT report_id FROM batch_report)
            OR f.asked IN (SELECT report_id FROM batch_report)
        FROM found f
        """,
        {"asked": asked},
    ).fetchall()
    found = {number: (report_id, released) for number, report_id, released in rows}
    for number in asked:
        report_id, released = found[number]
        if report_id is None:
            raise ScreeningRefused(f"There is no report {report_name(number)}.")
        if not released:
            raise ScreeningRefused(
                f"{report_name(number)} stands in no batch yet: it can be screened once its update is closed."
            )
    moved = tuple((report_name(n), report_name(found[n][0])) for n in dict.fromkeys(asked) if found[n][0] != n)
    return list(dict.fromkeys(found[number][0] for number in asked)), moved


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


def one_line(text: str, what: str) -> str:
    """A text on one line.

    Raises:
        ScreeningRefused: nothing is left of it.
    """
    plain = " ".join(text.split())
    if not plain:
        raise ScreeningRefused(f"{what[0].upper()}{what[1:]} is empty.")
    return plain


def _require_sense(stage: str, word: str, reason: str | None) -> None:
    if stage not in WORDS:
        raise ScreeningRefused(f"No stage is called {stage!r}; choose one of: {', '.join(WORDS)}.")
    if word not in WORDS[stage]:
        raise ScreeningRefused(
            f"{word!r} cannot be said at the stage {stage!r}; choose one of: {', '.join(WORDS[stage])}."
        )
    if stage in ("fulltext", "inclusion") and word == "exclude" and reason is None:
        raise ScreeningRefused(
            "A report excluded in full text needs its one primary reason; say it with --reason 'wrong population'."
        )


def _standings_now(con: duckdb.DuckDBPyConnection, context: ReviewContext, reports: tuple[int, ...]) -> list[Standing]:
    position = log_position(con)
    make_tables(con, position, context.preferred_at(con, position))
    make_standing(con, position)
    return standings(con, position, reports=reports)
