"""The sources that are searched through an API, by the name that review.toml gives their connector."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connectors import europepmc, pubmed
from connectors.contract import ApiSource
from connectors.errors import SourceRefused
from connectors.pubmed.fetch import WORKERS
from connectors.pubmed.source import PubMed
from livingsearch.review import Source
from livingsearch.settings import Settings

TOOL = "livingsearch"


@dataclass(frozen=True, slots=True)
class Connector:
    """A way to a source.

    Attributes:
        open: makes the source out of the settings; sends nothing.
        linted: whether its queries can be read, and are looked through before they are sent.
    """

    open: Callable[[Settings], ApiSource]
    linted: bool


def connector_of(source: Source) -> Connector | None:
    """How a source of a review is searched.

    Args:
        source: of the review.

    Returns:
        The way to it; None where a person brings its exports.
    """
    return CONNECTORS.get(source.connector)


def _pubmed(settings: Settings) -> ApiSource:
    """PubMed as the settings describe it, slowed down together with all processes of the workspace.

    Raises:
        SourceRefused: NCBI is to be reached and no e-mail address is set.
    """
    if settings.reaches_ncbi and not settings.email:
        raise SourceRefused(
            "NCBI asks for an e-mail address with every request: "
            "set LIVINGSEARCH_EMAIL=you@example.org and run it again."
        )
    transport = pubmed.Transport(
        pubmed.TransportSettings(
            base_url=settings.eutils_url,
            tool=TOOL,
            email=settings.email or "nobody@livingsearch.invalid",
            api_key=settings.api_key,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            reply_timeout=settings.reply_timeout,
            largest_reply=settings.largest_reply,
            retry_budget=settings.retry_budget,
            requests_per_second=None if settings.reaches_ncbi else settings.standin_requests_per_second,
        ),
        rate_file=settings.workspace / ".entrez-rate",
    )
    return PubMed(transport, workers=WORKERS)


def _europe_pmc(settings: Settings) -> ApiSource:
    transport = europepmc.Transport(
        europepmc.TransportSettings(
            base_url=settings.europepmc_url,
            tool=TOOL,
            email=settings.email,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            reply_timeout=settings.reply_timeout,
            largest_reply=settings.largest_reply,
            retry_budget=settings.retry_budget,
        ),
        rate_file=settings.workspace / ".europepmc-rate",
    )
    return europepmc.EuropePmc(transport)


CONNECTORS: Mapping[str, Connector] = MappingProxyType(
    {
        "entrez": Connector(_pubmed, linted=True),
        "europepmc": Connector(_europe_pmc, linted=False),
    }
)
