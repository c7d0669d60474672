"""When two names are one journal's."""

import numpy as np
import pyarrow as pa
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.journals import journal_states
from dedup.scratch import scratch

WORDS = (
    "journal",
    "hepatology",
    "hematology",
    "haematology",
    "clinical",
    "clin",
    "the",
    "2018",
    "2019",
    "ii",
    "jch",
    "x",
)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@pytest.fixture(scope="module")
def state(con):
    """What two names come to, and whether they may be of one family."""

    def call(x: str, y: str) -> tuple[int, bool]:
        records = pa.table({"journal": [x, y], "journal_other": pa.nulls(2, pa.string())})
        with scratch(con) as space:
            states, kin = journal_states(space, records, np.array([0]), np.array([1]))
        return int(states[0]), bool(kin[0])

    return call


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ("journal hepatology", "journal hepatology", (1, False)),
        ("journal hepatology", "j hepatol", (1, False)),
        ("journal haematology", "journal hematology", (1, False)),
        ("journal clinical hepatology", "jch", (1, False)),
        ("journal hepatology", "journal hematology", (0, True)),
        ("2018 2019", "2018 2019 x", (0, True)),
        ("pain", "lancet", (-1, False)),
    ],
)
def test_names_are_of_one_journal(state, x, y, expected) -> None:
    assert state(x, y) == expected


@settings(max_examples=examples(75), deadline=None)
@given(x=NAMES, y=NAMES)
def test_the_order_of_two_names_does_not_matter(state, x, y) -> None:
    assert state(x, y) == state(y, x)
    assert state(x, x) == (1, False)
