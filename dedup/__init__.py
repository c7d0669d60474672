"""Which records report the same thing: normalise, block, compare, decide, cluster, merge.

Arrow tables go in and come out; the work is done on a DuckDB connection that the caller gives, and nothing stays on
it. The package opens no file and knows no review.
"""

import duckdb

from dedup.block import keys
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
from dedup.crew import AT_ONCE, Crew, in_processes, in_threads
from dedup.kernel import Outcome, deduplicate
from dedup.merge import Merged, merge
from dedup.normalise import normalise
from dedup.prepare import deduplicate_parts, prepared
from dedup.report import ASKING_RULES, CLUSTER_RULES, DOUBTED
from dedup.touched import Stored, Touched, touched

RULE_SET = "6"
"""Version of the vetoes and rules: stored with every verdict, raised whenever one of them changes."""

PREPARED_BY = f"rules {RULE_SET}, DuckDB {duckdb.__version__}"
"""What normalised records and block keys depend on: what was stored under another name is to be made anew."""

__all__ = [
    "ASKING_RULES",
    "AT_ONCE",
    "CAPPED",
    "CLUSTER_RULES",
    "DECIDED",
    "DOUBTED",
    "GROUPS",
    "KEYS",
    "NORMALISED",
    "PREPARED_BY",
    "RECORDS",
    "RELATIONS",
    "RELEASED",
    "RULE_SET",
    "STORED_GROUPS",
    "VERDICTS",
    "Crew",
    "Facts",
    "Merged",
    "Outcome",
    "Stored",
    "Touched",
    "deduplicate",
    "deduplicate_parts",
    "in_processes",
    "in_threads",
    "keys",
    "merge",
    "normalise",
    "prepared",
    "touched",
]
