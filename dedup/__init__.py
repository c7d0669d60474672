"""Which records report the same thing: normalise, block, compare, decide, cluster, merge.

Arrow tables go in and come out; the work is done on a DuckDB connection that the caller gives, and nothing stays on
it. The package opens no file and knows no review.
"""

from dedup.block import keys
from dedup.buckets import Buckets, in_buckets
from dedup.collection import Facts
from dedup.columns import (
    CAPPED,
    DECIDED,
    GROUPS,
    KEYS,
    NORMALISED,
    RECORDS,
    RELATIONS,
    RELEASED,
    STORED_GROUPS,
    VERDICTS,
)
from dedup.kernel import Outcome, deduplicate
from dedup.merge import Merged, merge
from dedup.normalise import normalise
from dedup.report import ASKING_RULES, CLUSTER_RULES, DOUBTED
from dedup.touched import Stored, Touched, touched

RULE_SET = "4"
"""Version of the vetoes and rules: stored with every verdict, raised whenever one of them changes."""

__all__ = [
    "ASKING_RULES",
    "CAPPED",
    "CLUSTER_RULES",
    "DECIDED",
    "DOUBTED",
    "GROUPS",
    "KEYS",
    "NORMALISED",
    "RECORDS",
    "RELATIONS",
    "RELEASED",
    "RULE_SET",
    "STORED_GROUPS",
    "VERDICTS",
    "Buckets",
    "Facts",
    "Merged",
    "Outcome",
    "Stored",
    "Touched",
    "deduplicate",
    "in_buckets",
    "keys",
    "merge",
    "normalise",
    "touched",
]
