"""500 damaged files, always the same ones; `make fuzz` reads 20,000 others."""

import random

import pytest
from fuzz_exports import SEEDS, damaged, outcome
from mutations import MUTATIONS, mutated


@pytest.mark.parametrize("hundred", range(5))
def test_damaged_files_are_read_whole_or_refused(hundred: int) -> None:
    outcomes = [outcome(damaged(100 * hundred + number)) for number in range(100)]
    assert {"ris", "RecordsLost"} <= set(outcomes)


def test_the_same_number_gives_the_same_file() -> None:
    assert damaged(7) == damaged(7)
    assert damaged(7) != damaged(8)


def test_every_mutation_changes_files() -> None:
    for mutation in MUTATIONS:
        assert any(mutated(random.Random(n), SEEDS, [mutation]) not in SEEDS for n in range(20)), mutation.__name__
