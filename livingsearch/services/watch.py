"""How long work tells whoever watches it: a terminal, a scheduled run, or nobody."""

from typing import Protocol


class Watch(Protocol):
    """Told while a service works; it must not raise."""

    def step(self, name: str) -> None:
        """A step was finished and is safe on disk.

        Args:
            name: which one, e.g. `search started: pubmed`, `update closed`.
        """

    def progress(self, what: str, done: int, total: int) -> None:
        """Part of a long step is done.

        Args:
            what: the step, in words for people.
            done: units done, records mostly.
            total: units in all.
        """


class Unwatched:
    """Nobody watches."""

    def step(self, name: str) -> None:
        """Says nothing."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Says nothing."""
