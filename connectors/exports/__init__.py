"""Exports that a person downloaded from a platform: RIS in its dialects, MEDLINE text, XML, BibTeX, tables, packed.

The way of a file: `source` (bytes, `decode`d) → `registry` (told by its content) → `tagged`: `blocks` → `prepass` or
`medline` → `parse` (rispy, checked) → `platforms`, `databases` → `profiles`, `canonical` → `export` (counts held
against each other). `formats` says what a reader of another format has to be; `found_formats` has those that read
record by record. A file that may be packed goes through `containers` first: `parts_of`.
"""

from connectors.exports.columns import MAPPABLE
from connectors.exports.containers import Limits, Part, parts_of
from connectors.exports.export import Export, open_export
from connectors.exports.formats import Chunk
from connectors.exports.platforms import MANAGERS, PLATFORMS, platform_named
from connectors.exports.read import read_export
from connectors.exports.tally import Summary

__all__ = [
    "MANAGERS",
    "MAPPABLE",
    "PLATFORMS",
    "Chunk",
    "Export",
    "Limits",
    "Part",
    "Summary",
    "open_export",
    "parts_of",
    "platform_named",
    "read_export",
]
