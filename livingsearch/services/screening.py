"""What reviewers say of reports: taken in one by one, taken back, listed as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from livingsearch.errors import ScreeningRefused
from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.standing import STAGES, Standing, make_standing, standings
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import live_reports, report_name, report_number
from livingsearch.services.positions import AsOf, position_of
from livingsearch.services.screening_words import Word, one_line, undo_words, write_words
from livingsearch.store import log_position

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
