"""How many records a platform hands out in one file: a file of exactly so many may be cut off."""

from collections.abc import Mapping
from types import MappingProxyType

_QUEENSLAND = "University of Queensland Library, guide to systematic reviews"
_WESTERN_SYDNEY = "Western Sydney University Library, guide to systematic and complex reviews"

LIMITS: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "pubmed": {10_000: _QUEENSLAND},
        "ovid": {3_000: _QUEENSLAND, 2_000: _WESTERN_SYDNEY, 1_000: "assumed", 1_500: "assumed", 500: "assumed"},
        "ebsco": {25_000: _WESTERN_SYDNEY},
        "wos": {1_000: "assumed: full records", 500: "assumed: with cited references, and all records in older years"},
        "scopus": {20_000: "assumed", 2_000: "assumed: all fields, in older years"},
        "embase.com": {10_000: "assumed", 5_000: "assumed: in older years"},
        "ieee": {2_000: "assumed"},
        "lens": {50_000: "assumed: with an account", 1_000: "assumed: without an account"},
        "dimensions": {2_500: "assumed: for reference managers", 500: "assumed: tables"},
        "googlescholar": {1_000: "assumed: no search shows more results"},
    }
)
"""Records by platform, each with where the number comes from; none is a promise, since platforms change them and
sites set their own. Sizes of a page are left out: searches have so many results by chance."""


def is_limit(platform: str | None, records: int) -> bool:
    """Whether a platform's files may end with that many records though the search found more.

    Args:
        platform: as this package calls it, or None.
        records: of one file.
    """
    return records in LIMITS.get(platform or "", {})
