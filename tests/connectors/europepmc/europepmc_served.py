"""A stand-in for Europe PMC and a source that asks it, with a clock that only sleeping moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests
from clock import Clock

from connectors.europepmc import EuropePmc, Transport, TransportSettings
from livingsearch.standin.europepmc import EuropePmcStandin, Fault, Settings, invented

EVERYTHING = "TITLE:peer"


@dataclass
class Served:
    standin: EuropePmcStandin
    session: requests.Session
    clock: Clock = field(default_factory=Clock)

    def transport(self, **settings: object) -> Transport:
        values = {"base_url": self.standin.base_url, "retry_budget": 60.0, "requests_per_second": 1e6, **settings}
        return Transport(
            TransportSettings(**values),
            self.session,
            clock=self.clock,
            sleep=self.clock.sleep,
            jitter=lambda low, high: high,
        )

    def source(self, page_size: int = 4, **settings: object) -> EuropePmc:
        return EuropePmc(self.transport(**settings), page_size=page_size)


@contextmanager
def serving(count: int = 10, *faults: Fault, settings: Settings | None = None) -> Iterator[Served]:
    with EuropePmcStandin(invented(count), faults, settings) as standin, requests.Session() as session:
        session.trust_env = False
        yield Served(standin, session)
