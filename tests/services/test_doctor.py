"""The doctor finds what is wrong, and only that."""

from pathlib import Path

from living import EXPORTS, LivingReview, closed_in

from livingsearch.services.doctor import examine
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin


def told(living: LivingReview, *, network: bool = False) -> dict[str, tuple[bool, str]]:
    return {c.name.split(": ")[-1]: (c.ok, c.told) for c in examine(living.settings, network=network)}


def test_all_is_well_after_an_update(tmp_path: Path, standin: Standin) -> None:
    found = told(closed_in(tmp_path, standin.base_url), network=True)
    assert all(ok for ok, _ in found.values()), found
    assert "1 closed update(s) derived again" in found["counts"][1]
    assert found["pubmed"][1] == "74 records now"


def test_a_received_file_that_was_touched_is_found(living: LivingReview) -> None:
    living.import_wave("base", 1, only=("medline-ovid",))
    next(living.context().folder.received.iterdir()).write_bytes(b"x")
    ok, words = told(living)["received files"]
    assert not ok
    assert "changed after it came" in words


def test_counts_that_cannot_be_derived_any_more_are_found(living: LivingReview) -> None:
    living.import_wave("base", 1, only=tuple(EXPORTS)[:2])
    run_update(living.context(), number=1, close_now=True)
    with living.context().store.write() as con:
        con.execute("DELETE FROM run_record WHERE position = 1 AND run_id = 1")
    ok, words = told(living)["counts"]
    assert not ok
    assert "update 1" in words


def test_a_review_file_that_broke_is_found_and_the_others_go_on(living: LivingReview) -> None:
    living.context().folder.review_file.write_text("schema = 1\n[review\n")
    ok, words = told(living)["review file"]
    assert not ok
    assert "line 2" in words


def test_an_address_is_asked_for_where_ncbi_is_meant(living: LivingReview) -> None:
    live = LivingReview(living.settings.model_copy(update={"eutils_url": "https://eutils.ncbi.nlm.nih.gov/entrez/"}))
    assert "LIVINGSEARCH_EMAIL" in told(live)["e-mail for NCBI"][1]
