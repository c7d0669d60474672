"""Transports that reach a stand-in of PubMed and never really wait between tries."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from pubmed_loopback import KEY
from pydantic import SecretStr

from connectors.pubmed import Transport, TransportSettings


class Skipping:
    """A clock that runs as usual, but for sleeping, which it skips over: in the thread that sleeps."""

    def __init__(self) -> None:
        self._own = threading.local()

    def __call__(self) -> float:
        return time.monotonic() + getattr(self._own, "skipped", 0.0)

    def sleep(self, seconds: float) -> None:
        self._own.skipped = getattr(self._own, "skipped", 0.0) + seconds


@contextmanager
def reaching(url: str, **settings: object) -> Iterator[Transport]:
    """A transport to a stand-in, without spacing."""
    clock = Skipping()
    values = {
        "email": "library@example.org",
        "api_key": SecretStr(KEY),
        "requests_per_second": 1e6,
        **settings,
    }
    with requests.Session() as session:
        session.trust_env = False
        yield Transport(
            TransportSettings(base_url=url, **values),
            session,
            clock=clock,
            sleep=clock.sleep,
            jitter=lambda low, high: high,
        )
