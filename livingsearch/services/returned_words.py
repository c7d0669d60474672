"""Decisions of a screening tool's file, taken over as words on reports; the file is kept and accounted for whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from livingsearch.errors import IdentityBroken, ReturnRefused, ScreeningRefused
from livingsearch.exports import TOOLS
from livingsearch.exports.back import Returned, ReturnedReference
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_number
from livingsearch.services.returned import read_back
from livingsearch.services.screening_words import Word, one_line, undo_words, write_words
from livingsearch.store import append_to_log, log_position, utc_naive

FILE_STAGES = ("title", "fulltext")
"""Stages that a tool's decisions can be of."""

_WORDS = {"included": "include", "excluded": "exclude", "maybe": "maybe", "conflict": "conflict"}
_STAGES = {"title and abstract": "title", "full text": "fulltext"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a file's decisions.

    Attributes:
        return_id: by which the file's words can be taken back; None where the same file had said all of it before.
        file: what it holds, and what of it is which report.
        stage: of its decisions.
        said: words that were written down.
        unchanged: words that were in force already.
        silent: reports of which the file says nothing.
        conflicts: reports on which the file's people differ.
    """

    return_id: int | None
    file: Returned
    stage: str
    said: int
    unchanged: int
    silent: int
    conflicts: int


def record_back(
    context: ReviewContext,
    file: Path,
    tool: str | None = None,
    update: int | None = None,
    listed: str | None = None,
    *,
    stage: str | None = None,
    who: str | None = None,
) -> Recorded:
    """Takes over the decisions of a file that a screening tool exported.

    Args:
        context: the review.
        file: what the tool exported.
        tool: as for `read_back`.
        update: as for `read_back`.
        listed: as for `read_back`.
        stage: of the decisions, one of `FILE_STAGES`; as the file says, else `title`, where None.
        who: whose they are where the file names nobody; the tool itself where None.

    Returns:
        What was written. The same file again writes nothing.

    Raises:
        ReturnRefused: the file holds no decision on any report, or cannot be read; and what `read_back` raises.
        StoreError: the database or the disk.
    """
    if stage is not None and stage not in FILE_STAGES:
        raise ReturnRefused(f"A file has no decisions of the stage {stage!r}; choose one of: {', '.join(FILE_STAGES)}.")
    with file.open("rb") as opened, context.received.arriving(opened) as arrived:
        result = read_back(context, file, tool, update, listed)
        if context.received.sha256(file.read_bytes()) != arrived.sha256:
            raise ReturnRefused(f"{file} changed while it was read; export it again.")
        speaker = one_line(who, "the name") if who else _label(result.tool) or context.actor
        chosen = stage or _stage_of(result)
        words, silent = _words(result, chosen, speaker)
        if not words:
            raise ReturnRefused(
                f"{file.name} holds no decision on any report of a batch; if standing in the file is the decision, say "
                "so with --list included, excluded or maybe."
            )
        sha256 = context.received.keep_arrived(arrived)
    with context.store.write() as con:
        return_id = _next_return(con)
        said, unchanged = write_words(con, context, words, return_id)
        if said:
            _write_file(con, context, return_id, sha256, result, chosen, (said, unchanged, silent))
    conflicts = len({word.report_id for word in words if word.word == "conflict"}) + _differing(words)
    return Recorded(return_id if said else None, result, chosen, said, unchanged, silent, conflicts)


def take_file_back(context: ReviewContext, return_id: int, why: str | None = None) -> int:
    """Takes back all words of a file.

    Args:
        context: the review.
        return_id: its number.
        why: kept with it.

    Returns:
        How many words were taken back.

    Raises:
        ScreeningRefused: there is no such file, or nothing of it is in force.
    """
    with context.store.write() as con:
        rows = con.execute(
            "SELECT screening_id FROM screening WHERE return_id = ? "
            "AND screening_id NOT IN (SELECT screening_id FROM screening_undone) ORDER BY ALL",
            [return_id],
        ).fetchall()
        if not rows:
            raise ScreeningRefused(f"No word of a file {return_id} is there to be taken back.")
        undo_words(con, context, [row[0] for row in rows], why)
    return len(rows)


def _label(tool: str | None) -> str | None:
    return None if tool is None else TOOLS[tool].label


def _stage_of(result: Returned) -> str:
    told = {_STAGES[one.stage] for one in result.matched if one.stage in _STAGES}
    if len(told) > 1:
        raise ReturnRefused(f"{result.file} holds decisions of more than one stage; say which with --stage.")
    return told.pop() if told else "title"


def _words(result: Returned, stage: str, speaker: str) -> tuple[list[Word], int]:
    """The words of a file, and how many of its reports it says nothing of."""
    again: dict[str, set[str]] = {}
    for one in result.repeated:
        if one.decision is not None:
            again.setdefault(one.report_id, set()).add(one.decision)
    words: list[Word] = []
    silent = 0
    for one in result.matched:
        found = list(_words_of(one, stage, speaker, again.get(one.report_id, set())))
        words.extend(found)
        silent += not found
    return words, silent


def _words_of(one: ReturnedReference, stage: str, speaker: str, again: set[str]) -> Iterator[Word]:
    report_id = report_number(one.report_id)
    note = "; ".join(one.notes) or None
    differs = bool(again - {one.decision})
    if differs or one.decision is None or not one.votes:
        decision = "conflict" if again and one.decision is not None and differs else one.decision
        if decision is None and len(again) == 1:
            decision = next(iter(again))
        elif decision is None and again:
            decision = "conflict"
        if decision is not None:
            reason = one.reason if decision == "excluded" else None
            yield Word(report_id, stage, _WORDS[decision], reason, speaker, note=note)
        return
    people: dict[str, set[str]] = {}
    for vote in one.votes:
        people.setdefault(vote.who.strip() or speaker, set()).add(vote.decision)
    for name, decisions in people.items():
        decision = decisions.pop() if len(decisions) == 1 else "conflict"
        reason = one.reason if decision == "excluded" else None
        yield Word(report_id, stage, _WORDS[decision], reason, " ".join(name.split()), note=note)


def _differing(words: list[Word]) -> int:
    by_report: dict[int, set[str]] = {}
    for word in words:
        by_report.setdefault(word.report_id, set()).add(word.word)
    return sum(len(said) > 1 and "conflict" not in said for said in by_report.values())


def _next_return(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT coalesce(max(return_id), 0) + 1 FROM returned_file").fetchone()
    return row[0] if row else 1


def _write_file(
    con: duckdb.DuckDBPyConnection,
    context: ReviewContext,
    return_id: int,
    sha256: str,
    result: Returned,
    stage: str,
    counts: tuple[int, int, int],
) -> None:
    said, unchanged, silent = counts
    if len(result.matched) + len(result.repeated) + len(result.unmatched) != result.references:
        raise IdentityBroken(f"The references of {result.file} do not add up; nothing was taken over.")
    append_to_log(
        con, "screening file", context.now(), context.actor, {"file": return_id, "name": result.file, "words": said}
    )
    con.execute(
        "INSERT INTO returned_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            return_id,
            sha256,
            result.file,
            result.tool,
            result.form,
            stage,
            result.references,
            len(result.matched),
            len(result.repeated),
            len(result.unmatched),
            said,
            unchanged,
            silent,
            context.actor,
            utc_naive(context.now()),
            log_position(con),
        ],
    )
    for one in result.unmatched:
        con.execute(
            "INSERT INTO returned_unmatched VALUES (?, ?, ?, ?, ?, ?)",
            [return_id, one.position, one.why, one.decision, one.form, one.payload],
        )
