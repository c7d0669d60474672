"""Exports that a person downloaded from a platform: RIS in its dialects, PubMed's MEDLINE text.

The way of a file: `source` (bytes, `decode`d) → `registry` (told by its content) → `tagged`: `blocks` → `prepass` or
`medline` → `parse` (rispy, checked) → `platforms`, `databases` → `profiles`, `canonical` → `export` (counts held
against each other). `formats` says what a reader of another format has to be.
"""

from connectors.exports.export import Export, open_export
from connectors.exports.formats import Chunk
from connectors.exports.platforms import MANAGERS, PLATFORMS, platform_named
from connectors.exports.read import read_export
from connectors.exports.tally import Summary

__all__ = [
    "MANAGERS",
    "PLATFORMS",
    "Chunk",
    "Export",
    "Summary",
    "open_export",
    "platform_named",
    "read_export",
]
