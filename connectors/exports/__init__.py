"""Exports that a person downloaded from a platform: RIS in its dialects, PubMed's MEDLINE text.

The way of a file: `decode` → `sniff` → `prepass` or `medline` → `parse` (rispy, checked) → `platforms`,
`databases` → `profiles`, `canonical`.
"""

from connectors.exports.platforms import MANAGERS, PLATFORMS, platform_named
from connectors.exports.read import read_export

__all__ = ["MANAGERS", "PLATFORMS", "platform_named", "read_export"]
