"""Text of a file that belongs to no record, put aside on disk while the file is read."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from connectors.record import Remnant

_IN_MEMORY = 1 << 20


class RemnantsAside:
    """Remnants in the order in which they were added; iterating over them reads them back.

    Args:
        folder: where the nameless file goes once there are many.
    """

    def __init__(self, folder: Path) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="ascii", newline="\n", dir=str(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, remnants: Iterable[Remnant]) -> None:
        """Put some more aside.

        Args:
            remnants: in the file's order.

        Raises:
            OSError: no room.
        """
        for remnant in remnants:
            self._file.write(json.dumps([remnant.line, remnant.text]) + "\n")

    def __iter__(self) -> Iterator[Remnant]:
        self._file.seek(0)
        for line in self._file:
            number, text = json.loads(line)
            yield Remnant(number, text)
