"""What can go wrong in the deduplication.

::

    DedupError
    ├── ColumnsDiffer            a table handed in does not have the declared columns
    ├── RecordIdsRepeat          one record id stands on two rows
    └── DecisionsContradict      the same pair was called a duplicate and distinct

Every message is one sentence or two that say what happened and what to do.
"""

from collections.abc import Sequence


class DedupError(Exception):
    """The records could not be compared; the message says why and what to do."""


class ColumnsDiffer(DedupError):
    """A table without the columns that its schema declares.

    Args:
        table: which of the tables.
        problem: the columns that lack or have another type.
    """

    def __init__(self, table: str, problem: str) -> None:
        super().__init__(f"The table {table!r} does not have the declared columns: {problem}.")
        self.table = table
        self.problem = problem

    def __reduce__(self) -> tuple[type["ColumnsDiffer"], tuple[str, str]]:
        return type(self), (self.table, self.problem)


class RecordIdsRepeat(DedupError):
    """A record id that stands on two rows, or among the new and the known records.

    Args:
        record_ids: some of them.
    """

    def __init__(self, record_ids: Sequence[int]) -> None:
        named = ", ".join(map(str, record_ids))
        super().__init__(f"Record ids must be unique over new and known records; these are not: {named}.")
        self.record_ids = tuple(record_ids)

    def __reduce__(self) -> tuple[type["RecordIdsRepeat"], tuple[tuple[int, ...]]]:
        return type(self), (self.record_ids,)


class DecisionsContradict(DedupError):
    """Pairs that stand both under `together` and under `apart`.

    Args:
        pairs: some of them.
    """

    def __init__(self, pairs: Sequence[tuple[int, int]]) -> None:
        named = ", ".join(f"{x} and {y}" for x, y in pairs)
        super().__init__(
            f"A person's last word on a pair must be one word; these are both together and apart: {named}."
        )
        self.pairs = tuple(pairs)

    def __reduce__(self) -> tuple[type["DecisionsContradict"], tuple[tuple[tuple[int, int], ...]]]:
        return type(self), (self.pairs,)
