"""A file in memory, read by its format and held against its own count."""

import io
from collections.abc import Mapping
from typing import BinaryIO

from connectors.errors import RecordsLost
from connectors.exports.decode import decode
from connectors.exports.formats import Reading, text_reading, workbook_reading, xml_reading
from connectors.exports.found import Found, FoundRecord, Lines, Said
from connectors.exports.prepass import lines_of
from connectors.exports.workbooks import is_workbook
from connectors.record import Record, Remnant


class Memory:
    def __init__(self, content: bytes, name: str = "a.txt") -> None:
        self.name = name
        self._content = content

    @property
    def beginning(self) -> str:
        return decode(self._content, self.name).text[:20_000]

    def binary(self) -> BinaryIO:
        return io.BytesIO(self._content)

    def lines(self) -> Lines:
        return lines_of(decode(self._content, self.name).text)


class Taken:
    """What came out of a file."""

    def __init__(self, reading: Reading, items: list[Found]) -> None:
        self.format, self.platform = reading.format, reading.platform
        self.found = [item for item in items if isinstance(item, FoundRecord)]
        self.records: list[Record] = [item.record for item in self.found]
        self.remnants = [item for item in items if isinstance(item, Remnant)]
        self.said = [item.text for item in items if isinstance(item, Said)]


def taken(content: bytes, columns: Mapping[str, str] | None = None, name: str = "a.txt") -> Taken:
    source = Memory(content, name)
    if is_workbook(source.binary()):
        reading: Reading | None = workbook_reading(source, columns)
    else:
        reading = xml_reading(source) or text_reading(source, columns)
    assert reading is not None
    result = Taken(reading, list(reading.read()))
    starts = reading.count()
    if starts != len(result.found):
        raise RecordsLost(f"{name} begins {starts} records but {len(result.found)} were read.")
    return result
