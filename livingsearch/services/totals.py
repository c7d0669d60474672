"""Numbers that a person types where a team counted elsewhere; each with its source, and held to the identities."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from livingsearch.errors import TotalsRefused
from livingsearch.ledger.at_position import record_declared
from livingsearch.ledger.update_parts import BOXES, LABELLED
from livingsearch.ledger.whole_counts import whole_flow_at
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.ledger.whole_identities import Breach, require_whole
from livingsearch.review.problems import Problem
from livingsearch.review.toml_file import bytes_of, content_of, refusal, text_of
from livingsearch.services.context import ReviewContext
from livingsearch.services.open_update import ensure_open_update
from livingsearch.store import append_to_log, utc_naive

_MAX_BYTES = 1_000_000
_LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers that were typed.

    Attributes:
        update: that they are of.
        numbers: how many.
        flow: of the update with them.
        told: identities that do not hold and stop nothing.
        unchanged: whether they had been typed before and nothing was written.
    """

    update: int
    numbers: int
    flow: WholeFlow
    told: tuple[Breach, ...]
    unchanged: bool = False


def type_totals(context: ReviewContext, file: Path) -> Totals:
    """Takes numbers in that a person typed into a file; they replace those typed for the update before.

    Args:
        context: the review.
        file: TOML: `update`, `source`, and tables of numbers by the names in `BOXES` and `LABELLED`.

    Returns:
        What the update's flow is with them.

    Raises:
        ReviewFileError: the file cannot be read; line and field are named.
        IdentityBroken: the numbers do not agree; the identities that break are named and nothing is written.
        TotalsRefused: the update was published.
        UpdateRefused: there is no such update.
        StoreError: the database or the disk.
    """
    data = bytes_of(file, _MAX_BYTES, "a file of totals")
    text = text_of(file, data)
    update, source, numbers = _read(file, text)
    sha256 = context.received.sha256(data)
    with context.store.write() as con:
        row = con.execute("SELECT 1 FROM review_update WHERE number = ?", [update]).fetchone()
        if row is None:
            ensure_open_update(con, context, reason="totals", number=update)
        held = con.execute(
            "SELECT sha256 FROM typed_set WHERE update_number = ? ORDER BY set_id DESC LIMIT 1", [update]
        ).fetchone()
        unchanged = held == (sha256,)
        if unchanged:
            position = _last_position(con)
        else:
            position = _write(con, context, update, source, sha256, numbers)
        flow = whole_flow_at(con, update, position)
        told = require_whole(flow, "they were not taken in")
        context.received.keep(data)
    return Totals(update, len(numbers), flow, tuple(told), unchanged)


def take_totals_back(context: ReviewContext, update: int) -> None:
    """Takes back all numbers that were typed for an update; its flow is derived again.

    Raises:
        TotalsRefused: none are there, or the update was published.
    """
    with context.store.write() as con:
        held = con.execute(
            "SELECT count(*) FROM typed_number "
            "WHERE set_id = (SELECT max(set_id) FROM typed_set WHERE update_number = ?)",
            [update],
        ).fetchone()
        if held is None or not held[0]:
            raise TotalsRefused(f"No numbers are typed for update {update} of {context.review.slug}.")
        _write(con, context, update, "taken back", "", [])


def _write(
    con: duckdb.DuckDBPyConnection,
    context: ReviewContext,
    update: int,
    source: str,
    sha256: str,
    numbers: list[tuple[str, str, int]],
) -> int:
    if con.execute("SELECT 1 FROM published WHERE update_number = ?", [update]).fetchone():
        raise TotalsRefused(
            f"Update {update} was published, so its numbers stand; what is known now belongs to the next version."
        )
    detail = {"update": update, "numbers": len(numbers), "source": source}
    position = append_to_log(con, "totals", context.now(), context.actor, detail)
    record_declared(con, context.declared(), position)
    row = con.execute(
        "INSERT INTO typed_set SELECT coalesce(max(set_id), 0) + 1, ?, ?, ?, ?, ?, ? FROM typed_set RETURNING set_id",
        [update, source, sha256, context.actor, utc_naive(context.now()), position],
    ).fetchone()
    for ordinal, (box, label, value) in enumerate(numbers):
        con.execute("INSERT INTO typed_number VALUES (?, ?, ?, ?, ?)", [row and row[0], ordinal, box, label, value])
    return position


def _last_position(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT max(position) FROM log").fetchone()
    return int(row[0]) if row else 0


def _read(path: Path, text: str) -> tuple[int, str, list[tuple[str, str, int]]]:
    content = content_of(path, text)
    problems: list[Problem] = []
    numbers: list[tuple[str, str, int]] = []
    update, source = content.pop("update", None), content.pop("source", None)
    if not _is_number(update) or update == 0:
        problems.append(Problem(("update",), "the number of the update is expected: update = 1"))
    if not isinstance(source, str) or not source.strip():
        words = 'who counted is expected: source = "Covidence, 2026-03-02, A. Librarian"'
        problems.append(Problem(("source",), words))
    for group, table in content.items():
        if group not in BOXES or not isinstance(table, dict):
            problems.append(Problem((group,), f"is no table of totals; these are: {', '.join(BOXES)}"))
            continue
        for name, value in table.items():
            _one(group, name, value, numbers, problems)
    if not numbers and not problems:
        problems.append(Problem((), "the file holds no number"))
    if problems:
        raise refusal(path, text, problems)
    return int(update), " ".join(str(source).split()), numbers


def _one(group: str, name: str, value: Any, numbers: list[tuple[str, str, int]], problems: list[Problem]) -> None:
    if name in BOXES[group]:
        if _is_number(value):
            numbers.append((f"{group}.{name}", "", value))
        else:
            problems.append(Problem((group, name), f"a whole number from 0 is expected: {name} = 12"))
    elif name in LABELLED.get(group, ()) and isinstance(value, dict):
        for label, count in value.items():
            plain = " ".join(label.split())
            if not _is_number(count) or not plain:
                problems.append(
                    Problem((group, name, label), 'a name and a number are expected: "Wrong population" = 3')
                )
            else:
                numbers.append((f"{group}.{name}", plain, count))
    else:
        known = [*BOXES[group], *(f"{label} (a table)" for label in LABELLED.get(group, ()))]
        problems.append(Problem((group, name), f"is no box of {group}; these are: {', '.join(known)}"))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST
