"""Choices that look like chance and come out the same every time."""

import hashlib


def percent(purpose: str, work: str) -> int:
    """A number from 0 to 99 that depends on the purpose and the work alone.

    Args:
        purpose: what is being decided.
        work: id of the work.

    Returns:
        The number; the same for the same arguments on every machine.
    """
    return int.from_bytes(hashlib.sha256(f"{purpose}:{work}".encode()).digest()[:8], "big") % 100
