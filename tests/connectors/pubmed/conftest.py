"""Transports that reach a scripted server of this process, and wait by a clock of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from clock import Clock
from pubmed_loopback import KEY, Server, serving
from pydantic import SecretStr

from connectors.pubmed import Transport, TransportSettings


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def connect(clock: Clock) -> Iterator[Callable[..., Transport]]:
    sessions = []

    def make(url: str, *, rate_file: Path | None = None, **settings: object) -> Transport:
        session = requests.Session()
        session.trust_env = False
        sessions.append(session)
        values = {
            "email": "library@example.org",
            "api_key": SecretStr(KEY),
            "retry_budget": 60.0,
            "requests_per_second": 1e6,
            **settings,
        }
        return Transport(
            TransportSettings(base_url=url, **values),
            session,
            clock=clock,
            sleep=clock.sleep,
            rate_file=rate_file,
            jitter=lambda low, high: high,
        )

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def transport(server: Server, connect: Callable[..., Transport]) -> Transport:
    return connect(server.url)
