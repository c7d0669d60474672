"""RIS records through rispy, held against what was received."""

from collections.abc import Iterator, Mapping, Sequence

from rispy import RisParser

from connectors.errors import RecordsLost
from connectors.exports.prepass import TaggedRecord

Fields = Mapping[str, Sequence[str]]
"""Values by tag, in the order received."""

_BETWEEN_TAG_AND_VALUE = "  - "


class _ReceivedTags(RisParser):  # type: ignore[misc]
    """rispy with tags of any length, for lines that the pre-pass wrote."""

    def parse_line(self, line: str) -> tuple[str, str]:
        tag, _, value = line.partition(_BETWEEN_TAG_AND_VALUE)
        return tag, value


def grouped(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Values by tag, in the order received.

    Args:
        pairs: tag and value.

    Returns:
        One list a tag.
    """
    fields: dict[str, list[str]] = {}
    for tag, value in pairs:
        fields.setdefault(tag, []).append(value)
    return fields


def parse_ris(records: Sequence[TaggedRecord], name: str) -> list[Fields]:
    """Read the records with rispy and make sure that it lost nothing.

    rispy by itself keeps the first DOI of several, splits addresses at `;`, merges records where `ER` is
    missing and ignores tags that it does not know, all without a word. Here every tag stands for itself
    and is a list, no value is split, and a wrapped value arrives as one line.

    Args:
        records: the pre-pass's records.
        name: how to call the file in a message.

    Returns:
        Values by tag, one mapping a record.

    Raises:
        RecordsLost: rispy's result differs from the records in number or in any value.
    """
    tags = {tag for record in records for tag, _ in record.pairs}
    parser = _ReceivedTags(
        mapping={tag: tag for tag in tags},
        list_tags=tags - {"TY"},
        delimiter_tags_mapping={},
        ignore=[],
    )
    parsed = parser.parse_lines(_normalised(records))
    if len(parsed) != len(records):
        raise RecordsLost(
            f"{name} begins {len(records)} records but {len(parsed)} were read, so none was taken: "
            "export it again, or split it to find the record that breaks it."
        )
    result: list[Fields] = []
    for record, found in zip(records, parsed, strict=True):
        fields = {**found, "TY": [found["TY"]]}
        if fields != grouped(record.pairs):
            raise RecordsLost(
                f"The record in line {record.line} of {name} was not read whole, so nothing was taken: "
                "export the file again, or correct that record."
            )
        result.append(fields)
    return result


def _normalised(records: Sequence[TaggedRecord]) -> Iterator[str]:
    for record in records:
        for tag, value in record.pairs:
            yield f"{tag}{_BETWEEN_TAG_AND_VALUE}{value}"
        yield f"ER{_BETWEEN_TAG_AND_VALUE}"
