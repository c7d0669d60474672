"""Settings of the machine that the service runs on; what belongs to a review stands in its review.toml."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from livingsearch.errors import SettingsError

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest/"


class Settings(BaseSettings):
    """Read from environment variables `LIVINGSEARCH_…`; secrets stand in no file."""

    model_config = SettingsConfigDict(env_prefix="LIVINGSEARCH_", frozen=True, extra="ignore")

    workspace: Path = Path("workspace")
    """Folder of the reviews."""

    eutils_url: str = NCBI
    """Where PubMed's E-utilities are; another address is a stand-in."""

    europepmc_url: str = EUROPE_PMC
    """Where Europe PMC's RESTful search is; another address is a stand-in."""

    standin_requests_per_second: float | None = Field(default=None, gt=0)
    """How often a stand-in for the E-utilities is asked; as often as NCBI allows where unset. NCBI's own address
    is never asked more often than that."""

    email: str | None = None
    """Address that NCBI may write to; it asks for one with every request. Europe PMC is told it too."""

    api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("LIVINGSEARCH_API_KEY", "NCBI_API_KEY")
    )
    """NCBI's key: 10 requests a second instead of 3."""

    api_key_block: str | None = Field(default=None, pattern="^[a-z0-9-]{1,255}$")
    """Name of the Prefect Secret block that holds NCBI's key, for flows; `api_key` goes first."""

    connect_timeout: float = Field(default=10.0, gt=0)
    """Seconds until a source must have accepted the connection."""

    read_timeout: float = Field(default=60.0, gt=0)
    """Seconds a source may stay silent."""

    reply_timeout: float = Field(default=150.0, gt=0)
    """Seconds that a whole reply may take to come."""

    largest_reply: int = Field(default=128_000_000, gt=0)
    """Bytes that a reply may have."""

    retry_budget: float = Field(default=300.0, ge=0)
    """Seconds that one request may take in all, with every retry."""

    lock_timeout: float = Field(default=600.0, gt=0)
    """Seconds to wait for another process that works on the same review."""

    inbox_settled_after: float = Field(default=120.0, ge=0)
    """Seconds that a file in an inbox must have lain untouched: one that is being copied is not taken."""

    database_memory: str = Field(default="1GB", pattern=r"^[1-9]\d*(MB|GB)$")
    """Memory that DuckDB may use for a review's file before it goes on disk; the comparison is not part of it."""

    threads: int | None = Field(default=None, ge=1)
    """Threads for DuckDB and the comparison; all cores where unset."""

    @property
    def reaches_ncbi(self) -> bool:
        """Whether `eutils_url` is NCBI's own service."""
        return (urlsplit(self.eutils_url).hostname or "").endswith("ncbi.nlm.nih.gov")


def read_settings(workspace: Path | None = None) -> Settings:
    """The settings that the environment holds.

    Args:
        workspace: another folder of reviews than the environment's.

    Raises:
        SettingsError: a variable that cannot be used; its value is not repeated.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]).upper().removeprefix("LIVINGSEARCH_")
        raise SettingsError(f"The environment variable LIVINGSEARCH_{name} cannot be used: {first['msg']}.") from None
    return settings if workspace is None else settings.model_copy(update={"workspace": workspace})
