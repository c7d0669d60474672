"""Which reports are of one study; only people say so."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from livingsearch.errors import ScreeningRefused
from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.standing import Standing, make_standing, standings
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import live_reports, report_name
from livingsearch.services.positions import AsOf, position_of
from livingsearch.services.screening_words import one_line
from livingsearch.store import append_to_log, utc_naive


@dataclass(frozen=True, slots=True)
class Study:
    """A study with its reports in the review.

    Attributes:
        name: that people gave it; None where none.
        study_id: such as `S0001`; None for a report that is a study of its own.
        reports: in the review, in the order of ids.
    """

    study_id: str | None
    name: str | None
    reports: tuple[Standing, ...]


def study_name(number: int) -> str:
    """A study's id as people read it, e.g. `S0001`."""
    return f"S{number:04d}"


def group(context: ReviewContext, reports: Sequence[str], name: str | None = None, who: str | None = None) -> str:
    """Says that reports are of one study; those that any of them was grouped with before come along.

    Args:
        context: the review.
        reports: their ids, at least one.
        name: of the study; an earlier name stays where None.
        who: says it; who runs this program where None.

    Returns:
        The study's id: the oldest that one of the reports had, else a new one.

    Raises:
        ScreeningRefused: an unknown report, or one that was not handed out.
    """
    speaker = one_line(who or context.actor, "the name of who says it")
    with context.store.write() as con:
        ids, _ = live_reports(con, reports)
        position = append_to_log(
            con, "study", context.now(), speaker, {"reports": [report_name(n) for n in ids], "name": name}
        )
        make_tables(con, position, context.preferred_at(con, position))
        make_standing(con, position)
        rows = con.execute(
            "SELECT DISTINCT study_id FROM at_study WHERE report_id IN (SELECT unnest(?::BIGINT[])) ORDER BY ALL", [ids]
        ).fetchall()
        known = [row[0] for row in rows]
        more = con.execute(
            "SELECT report_id FROM at_study WHERE study_id IN (SELECT unnest(?::INTEGER[])) ORDER BY ALL", [known]
        ).fetchall()
        ids = list(dict.fromkeys([*ids, *(row[0] for row in more)]))
        row = con.execute("SELECT coalesce(max(study_id), 0) + 1 FROM study").fetchone()
        study_id = known[0] if known else row[0] if row else 1
        called = None if name is None else one_line(name, "the study's name")
        if called is not None or not known:
            con.execute("INSERT INTO study VALUES (?, ?, ?)", [study_id, called, position])
        _join(con, ids, study_id, speaker, context, position)
    return study_name(study_id)


def ungroup(context: ReviewContext, reports: Sequence[str], who: str | None = None) -> None:
    """Says that each of these reports is a study of its own.

    Args:
        context: the review.
        reports: their ids.
        who: says it; who runs this program where None.

    Raises:
        ScreeningRefused: an unknown report, or one that belongs to no study.
    """
    speaker = one_line(who or context.actor, "the name of who says it")
    with context.store.write() as con:
        ids, _ = live_reports(con, reports)
        told = {"reports": [report_name(n) for n in ids]}
        position = append_to_log(con, "study parted", context.now(), speaker, told)
        make_tables(con, position, context.preferred_at(con, position))
        make_standing(con, position)
        grouped = {row[0] for row in con.execute("SELECT report_id FROM at_study").fetchall()}
        for number in ids:
            if number not in grouped:
                raise ScreeningRefused(f"{report_name(number)} is a study of its own already.")
        # What became part of one of these would else bring it back into its study.
        parts = con.execute(
            "SELECT report_id FROM at_moved WHERE root IN (SELECT unnest(?::BIGINT[])) ORDER BY ALL", [ids]
        ).fetchall()
        _join(con, [*ids, *(row[0] for row in parts)], None, speaker, context, position)


def review_studies(context: ReviewContext, as_of: AsOf = None) -> list[Study]:
    """The studies in the review as of an update or a date, each with its included reports.

    Args:
        context: the review.
        as_of: as for `screening_list`.

    Returns:
        In the order of their first reports.
    """
    with context.store.read() as con:
        position = position_of(con, context, as_of)
        make_tables(con, position, context.preferred_at(con, position))
        make_standing(con, position)
        included = standings(con, position, states=("included",))
        names = dict(
            con.execute(
                "SELECT study_id, arg_max(name, position) FROM study WHERE position <= ? GROUP BY study_id", [position]
            ).fetchall()
        )
    grouped: dict[int, list[Standing]] = {}
    for one in included:
        grouped.setdefault(-one.report_id if one.study_id is None else one.study_id, []).append(one)
    return [
        Study(study_name(key) if key > 0 else None, names.get(key), tuple(reports)) for key, reports in grouped.items()
    ]


def _join(
    con: duckdb.DuckDBPyConnection,
    ids: list[int],
    study_id: int | None,
    who: str,
    context: ReviewContext,
    position: int,
) -> None:
    con.execute(
        """
        INSERT INTO study_event (seq, report_id, study_id, who, instant, position)
        SELECT (SELECT coalesce(max(seq), 0) FROM study_event) + row_number() OVER (ORDER BY report_id), report_id,
            $study_id, $who, $instant, $position
        FROM (SELECT unnest($ids::BIGINT[]) AS report_id)
        """,
        {"ids": ids, "study_id": study_id, "who": who, "instant": utc_naive(context.now()), "position": position},
    )
