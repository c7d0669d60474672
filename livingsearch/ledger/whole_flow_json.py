"""A whole flow as plain JSON values."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from livingsearch.ledger.whole_flow import WholeFlow


def whole_flow_to_dict(flow: WholeFlow) -> dict[str, Any]:
    """A flow as plain JSON values: a number that nobody reported is null, its `origin` says so."""
    written: dict[str, Any] = _plain(asdict(flow))
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
