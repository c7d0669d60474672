"""What stops a run: parts of a search that a source does not take as written, and which of them the review accepts."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from connectors.errors import QueryAltered


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing that is not taken as it was written.

    Attributes:
        kind: the source's own name for it (`QuotedPhraseNotFound`, …) or one of the pre-flight's.
        text: the part of the search, or the source's message.
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


def not_accepted(warnings: Iterable[Warning], accepted: Collection[str]) -> tuple[Warning, ...]:
    """Those warnings that nobody has accepted.

    Args:
        warnings: to look through.
        accepted: kinds (`QuotedPhraseNotFound`) or single warnings
            (`QuotedPhraseNotFound: "expert by experience*"[tiab]`); case and spacing do not matter.

    Returns:
        The rest, in order.
    """
    known = {_folded(entry) for entry in accepted}
    return tuple(w for w in warnings if _folded(w.kind) not in known and _folded(str(w)) not in known)


def altered(problem: str, warnings: tuple[Warning, ...]) -> QueryAltered:
    """The error that names what is wrong and the line that accepts it.

    Args:
        problem: a sentence.
        warnings: what it is about.

    Returns:
        The error, to be raised.
    """
    line = f"accepted_warnings = [{', '.join(_toml(str(warning)) for warning in warnings)}]"
    return QueryAltered(
        f"{problem} No records were taken. Correct the search or, if this is meant, put this line under the "
        f"source in review.toml: {line}",
        tuple(str(warning) for warning in warnings),
    )


def _folded(text: str) -> str:
    kind, colon, rest = text.partition(":")
    return " ".join(f"{kind} {colon} {rest}".split()).casefold()


def _toml(text: str) -> str:
    plain = "'" not in text and text.isprintable()
    return f"'{text}'" if plain else json.dumps(text, ensure_ascii=False)
