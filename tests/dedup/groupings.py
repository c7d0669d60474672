"""Records numbered, and what was found of them put so that two findings can be held beside each other."""

import pyarrow as pa

import dedup


def numbered(rows, ids=None):
    """Rows with record ids and a source each."""
    return [
        {"source": "any", **row, "record_id": number}
        for number, row in zip(ids or range(1, len(rows) + 1), rows, strict=True)
    ]


def partition(groups: dict[int, int]) -> set[frozenset[int]]:
    inside: dict[int, set[int]] = {}
    for record, group in groups.items():
        inside.setdefault(group, set()).add(record)
    return {frozenset(group) for group in inside.values()}


def verdicts(outcome: dedup.Outcome) -> pa.Table:
    return outcome.verdicts.sort_by([("x_id", "ascending"), ("y_id", "ascending")])
