"""A living review of generated records: all that comes to light late, counted by the ledger and by hand."""

from pathlib import Path

from benchmarks.living_review import disagreements, simulated


def test_a_simulated_review_agrees_at_every_update_and_recounts(tmp_path: Path) -> None:
    simulation = simulated(tmp_path, records=400, updates=4)
    for number in simulation.steps():
        assert disagreements(simulation.review, recounting=number == simulation.updates) == []
    assert all(simulation.told[kind] for kind in ("withdrawn", "retracted", "conflicts", "links", "splits"))
