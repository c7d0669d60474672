"""A whole flow as JSON and back; the same flow gives the same bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from livingsearch.ledger.whole_flow import (
    Count,
    Identification,
    Included,
    OtherMethods,
    Reason,
    Retrieval,
    Screening,
    SourceColumn,
    WholeFlow,
)


def whole_flow_to_dict(flow: WholeFlow) -> dict[str, Any]:
    """A flow as plain JSON values; `whole_flow_from_dict` reads it back to an equal flow."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(flow), default=_written))
    return plain


def whole_flow_from_dict(values: Mapping[str, Any]) -> WholeFlow:
    """The flow that `whole_flow_to_dict` wrote."""
    found, other = values["identification"], values["other"]
    return WholeFlow(
        review_title=values["review_title"],
        label=values["label"],
        updates=tuple(values["updates"]),
        as_of=datetime.fromisoformat(values["as_of"]) if values["as_of"] else None,
        position=values["position"],
        identification=Identification(
            sources=tuple(_column(column) for column in found["sources"]),
            **{name: _count(value) for name, value in found.items() if name != "sources"},
        ),
        screening=Screening(**_counts(values["screening"])),
        reports=_retrieval(values["reports"]),
        other=None
        if other is None
        else OtherMethods(
            reports=_retrieval(other["reports"]),
            **_counts({name: value for name, value in other.items() if name != "reports"}),
        ),
        previous=_included(values["previous"]),
        new=Included(**_counts(values["new"])),
        removed_studies=_count(values["removed_studies"]),
        total=_included(values["total"]),
        possible_pairs=values["possible_pairs"],
        notes=tuple(values["notes"]),
    )


def canonical(values: Mapping[str, Any]) -> str:
    """JSON with one way to write everything: sorted names, no blanks."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(flow: WholeFlow) -> str:
    """The sha256 of a flow's numbers, wherever in the log they were counted."""
    values = {name: value for name, value in whole_flow_to_dict(flow).items() if name not in ("position", "as_of")}
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def _written(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a flow")


def _count(values: Mapping[str, Any]) -> Count:
    return Count(**values)


def _counts(values: Mapping[str, Any]) -> dict[str, Count]:
    return {name: _count(value) for name, value in values.items()}


def _column(values: Mapping[str, Any]) -> SourceColumn:
    day = values["date_searched"]
    return SourceColumn(
        slug=values["slug"],
        label=values["label"],
        kind=values["kind"],
        searched=values["searched"],
        date_searched=date.fromisoformat(day) if day else None,
        identified=_count(values["identified"]),
        already_known=_count(values["already_known"]),
        duplicates=_count(values["duplicates"]),
        to_screen=_count(values["to_screen"]),
    )


def _retrieval(values: Mapping[str, Any]) -> Retrieval:
    reasons = tuple(Reason(one["text"], _count(one["reports"])) for one in values["reasons"])
    return Retrieval(reasons=reasons, **_counts({name: value for name, value in values.items() if name != "reasons"}))


def _included(values: Mapping[str, Any] | None) -> Included | None:
    return None if values is None else Included(**_counts(values))
