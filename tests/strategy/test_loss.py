"""Losses, gathered and turned round by NOT."""

from livingsearch.strategy.loss import Loss, safe_in_slot, taken_out_reversed
from livingsearch.strategy.tree import And, Not, Phrase, Place, Word

ONE, OTHER = Place(0, 1), Place(6, 7)
BOTH = Not(Word.of("a", place=ONE), Word.of("b", place=OTHER))


def test_without_not_nothing_changes() -> None:
    losses = (Loss("widened", "more", (ONE, OTHER), (), 2), Loss("exact", "all"))
    assert tuple(taken_out_reversed(And((BOTH.left, BOTH.right)), losses)) == losses


def test_each_side_of_not() -> None:
    kept, reverse = taken_out_reversed(BOTH, [Loss("widened", "more", (ONE, OTHER), ("x → y",), 2)])
    assert kept == Loss("widened", "more", (ONE,), ("x → y",))
    assert (reverse.kind, reverse.places) == ("narrowed", (OTHER,))
    (narrowed,) = taken_out_reversed(BOTH, [Loss("narrowed", "fewer", (OTHER,))])
    assert narrowed.kind == "widened"


def test_words_of_a_phrase_are_found() -> None:
    phrase = Phrase((Word.of("b", place=OTHER), Word.of("c", place=Place(8, 9))), Place(6, 9))
    (loss,) = taken_out_reversed(Not(BOTH.left, phrase), [Loss("widened", "more", (OTHER,))])
    assert loss.kind == "narrowed"


def test_a_loss_of_the_whole_search_is_no_longer_one_sided() -> None:
    (loss,) = taken_out_reversed(BOTH, [Loss("widened", "more")])
    assert loss == Loss("changed", "more (in what NOT takes out it is the reverse)")


def test_what_is_exact_changed_or_to_settle_stays() -> None:
    losses = [Loss("exact", "all", (OTHER,)), Loss("changed", "other", (OTHER,)), Loss("settle", "ask", (OTHER,))]
    assert list(taken_out_reversed(BOTH, losses)) == losses


def test_nothing_in_a_slot_leaves_a_mark_open() -> None:
    assert safe_in_slot("a(“b‘’\x1b`c") == "a b c"
