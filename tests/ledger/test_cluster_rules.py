"""The ledger may not import the deduplication; what both must say alike is held together here."""

import re

import dedup
from livingsearch.ledger import counts


def test_questions_inside_one_report_are_the_same_in_both() -> None:
    (named,) = re.findall(r"v\.rule NOT IN \(([^)]*)\)", counts._POSSIBLE)
    assert tuple(re.findall(r"'(\w+)'", named)) == dedup.CLUSTER_RULES
