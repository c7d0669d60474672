"""A small export read in memory."""

import io

from connectors.exports.export import open_export
from connectors.record import ReadFile


def read_export(content: bytes, name: str, platform: str | None = None) -> ReadFile:
    """Read an export that fits into memory many times over.

    Args:
        content: the file as it was uploaded, whole.
        name: how the person calls it; only messages use it.
        platform: who wrote it; see `open_export`.

    Returns:
        Every record as received and in canonical fields, the text outside of records, and what a
        librarian should know of the file.

    Raises:
        FileEmpty: there is nothing in the file.
        FormatUnknown: it is no export that this version reads.
        FileDamaged: it breaks its own format.
        RecordsLost: the records read are not those that the file begins; none is taken then.
    """
    export = open_export(io.BytesIO(content), name, platform)
    chunks = tuple(export.chunks(tables=False))
    summary = export.summary()
    return ReadFile(
        format=summary.format,
        platform=summary.platform,
        encoding=summary.encoding,
        record_starts=summary.record_starts,
        records=tuple(pair for chunk in chunks for pair in chunk.pairs),
        remnants=tuple(remnant for chunk in chunks for remnant in chunk.remnants),
        warnings=summary.warnings,
    )
