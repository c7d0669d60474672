"""Batches back: which reports a file of a screening tool holds, and what people said of them.

The way of a file: `reference` (what was read) → `match` (which report) and `decisions` (which word, why, by whom)
→ `returned` (the two joined, counted, nothing left over).
"""

from livingsearch.exports.back.decisions import COVIDENCE_LISTS, DECISIONS, list_named, screened, tool_of
from livingsearch.exports.back.match import Batch, HandedOut, match
from livingsearch.exports.back.reference import Reference, fields_of
from livingsearch.exports.back.returned import Returned, ReturnedReference, Unmatched, joined

__all__ = [
    "COVIDENCE_LISTS",
    "DECISIONS",
    "Batch",
    "HandedOut",
    "Reference",
    "Returned",
    "ReturnedReference",
    "Unmatched",
    "fields_of",
    "joined",
    "list_named",
    "match",
    "screened",
    "tool_of",
]
