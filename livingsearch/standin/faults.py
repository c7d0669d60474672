"""Faults on demand: what is to go wrong, on which calls."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from threading import Lock


class FaultKind(StrEnum):
    """What can go wrong; each has been seen on the real service or on the way to it."""

    RATE_429 = "rate_429"
    """The rate limit's JSON body; `status=200` for the variant that comes as a success."""
    SERVER_500 = "server_500"
    SERVER_502 = "server_502"
    TIMEOUT = "timeout"
    """The connection is held for `seconds` and closed without an answer."""
    DROP = "drop"
    """The connection is closed in the middle of the body, whose length had been announced."""
    STALL = "stall"
    """Half of the body comes, then nothing for `seconds`, then the connection is closed."""
    DRIP = "drip"
    """The body comes in small pieces, each after `seconds`."""
    RESET = "reset"
    """The connection is reset without an answer."""
    EMPTY = "empty"
    """A success without a body."""
    TRUNCATED = "truncated"
    """The body is cut, and the announced length agrees with the cut."""
    EXPIRED_HISTORY = "expired_history"
    """The WebEnv of the call is forgotten, for this call and for good."""
    HISTORY_LOST = "history_lost"
    """The answer is that of a forgotten WebEnv, also where the call names none."""
    TRANSIENT_400 = "transient_400"
    MISSING_PMIDS = "missing_pmids"
    """EFetch leaves out `pmids`, and every `nth` of those asked for."""
    WRONG_COUNT = "wrong_count"
    """ESearch counts `by` more (or, below zero, less) than there are."""
    CHANGED_HITS = "changed_hits"
    """ESearch does not find `pmids`, nor the newest `by` of all records; its count and its PMIDs agree."""
    HTML_200 = "html_200"
    ERROR_200 = "error_200"
    SLOW = "slow"
    """The answer is right and comes `seconds` late."""
    BAD_KEY_400 = "bad_key_400"


_OWN_ENDPOINT = {
    FaultKind.MISSING_PMIDS: "efetch",
    FaultKind.WRONG_COUNT: "esearch",
    FaultKind.CHANGED_HITS: "esearch",
}
_RULE = re.compile(r"^(first|every|after|chance)[\s=-]?(\d+(?:\.\d+)?)$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Args:
        kind: what.
        endpoint: `esearch`, `efetch`, `epost` or `einfo`; empty for any that the kind can hit.
        first: only on the first so many calls to which it applies; None for always.
        every: only on every so-maniest call.
        run: and on so many in a row from there, for bursts.
        after: spare so many calls at the beginning; `first` and `every` count from there.
        chance: of the calls that are left, hit this share by the throw of a seeded die; None for all.
        status: HTTP status instead of the usual one, for kinds that answer with an error body.
        seconds: how long to wait (timeout, slow, stall; drip: before each piece).
        retry_after: seconds of the Retry-After header (rate_429).
        pmids: left out (missing_pmids, changed_hits).
        nth: left out too, counted within one call (missing_pmids); 0 for none.
        by: how far the count is off (wrong_count); how many are not found (changed_hits, where `pmids` is empty).
    """

    kind: FaultKind
    endpoint: str = ""
    first: int | None = None
    every: int = 1
    run: int = 1
    after: int = 0
    chance: float | None = None
    status: int | None = None
    seconds: float = 0.5
    retry_after: int = 2
    pmids: frozenset[int] = frozenset()
    nth: int = 0
    by: int = 1

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"every={self.every}: calls are counted from 1")
        if self.run < 1:
            raise ValueError(f"run={self.run}: a burst has one call or more")
        if self.chance is not None and not 0 <= self.chance <= 1:
            raise ValueError(f"chance={self.chance}: a share lies between 0 and 1")

    def applies(self, endpoint: str, parameters: Mapping[str, str]) -> bool:
        """Whether the fault concerns a call at all, before its calls are counted."""
        if self.kind is FaultKind.EXPIRED_HISTORY and not parameters.get("WebEnv"):
            return False
        return (self.endpoint or _OWN_ENDPOINT.get(self.kind, endpoint)) == endpoint

    def strikes(self, call: int) -> bool:
        """Whether it may happen on the `call`-th call that it applies to, from 1; `chance` is not thrown here."""
        call -= self.after
        return call >= self.every and (self.first is None or call <= self.first) and call % self.every < self.run


class FaultScript:
    """Faults with their own count of calls each. Safe to use from many threads.

    Args:
        faults: what goes wrong.
        seed: of the die for those with a chance.
    """

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self.faults = tuple(faults)
        self._die = Random(seed)  # noqa: S311 -- repeatable, not secret
        self._calls = [0] * len(self.faults)
        self._lock = Lock()

    def strike(self, endpoint: str, parameters: Mapping[str, str]) -> tuple[Fault, ...]:
        """Count a call and tell which faults hit it."""
        struck = []
        with self._lock:
            for number, fault in enumerate(self.faults):
                if fault.applies(endpoint, parameters):
                    self._calls[number] += 1
                    hit = fault.strikes(self._calls[number])
                    if hit and (fault.chance is None or self._die.random() < fault.chance):
                        struck.append(fault)
        return tuple(struck)


def parse_fault(text: str) -> Fault:
    """Read a fault from the command line.

    Args:
        text: `KIND[=NUMBER][:endpoint[:rule]]`, where the rule is `always`, `first N`, `every N`, `after N` or
            `chance SHARE`; such as `rate_429:efetch:first 2` or `timeout=60`. The number is the seconds of slow,
            timeout, stall and drip, how far wrong_count is off, how many changed_hits hides, and missing_pmids
            leaves out every so-maniest.

    Raises:
        ValueError: it cannot be read; the message says what is allowed.
    """
    named, endpoint, rule = [*text.split(":"), "", ""][:3]
    kind, _, amount = named.partition("=")
    if kind not in list(FaultKind):
        raise ValueError(f"unknown fault {kind!r}; known are {', '.join(FaultKind)}")
    if endpoint not in ("", "esearch", "efetch", "epost", "einfo"):
        raise ValueError(f"unknown endpoint {endpoint!r} in {text!r}; known are esearch, efetch, epost, einfo")
    fault = _measured(Fault(FaultKind(kind), endpoint), amount)
    if rule in ("", "always"):
        return fault
    found = _RULE.match(rule)
    if not found or float(found[2]) == 0 or ("." in found[2] and found[1] != "chance"):
        raise ValueError(f"{rule!r} in {text!r} is none of: always, first N, every N, after N, chance SHARE")
    if found[1] == "chance":
        return replace(fault, chance=float(found[2]))
    number = int(found[2])
    if found[1] == "first":
        return replace(fault, first=number)
    return replace(fault, every=number) if found[1] == "every" else replace(fault, after=number)


def _measured(fault: Fault, amount: str) -> Fault:
    """The fault with the number that its kind has; missing_pmids needs one to do anything."""
    try:
        match fault.kind:
            case FaultKind.SLOW | FaultKind.TIMEOUT | FaultKind.STALL | FaultKind.DRIP:
                return replace(fault, seconds=float(amount)) if amount else fault
            case FaultKind.WRONG_COUNT | FaultKind.CHANGED_HITS:
                return replace(fault, by=int(amount)) if amount else fault
            case FaultKind.MISSING_PMIDS:
                return replace(fault, nth=int(amount or 2))
    except ValueError:
        raise ValueError(f"{amount!r} is no number that {fault.kind} can have") from None
    if amount:
        raise ValueError(f"{fault.kind} takes no number, but {amount!r} was given")
    return fault
