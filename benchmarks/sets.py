"""Labelled sets: the folder's own, the same with fields blanked, and large ones made out of them."""

import csv
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Pair

SMALL = 100
"""Sets with fewer records are not blanked: a dozen records say nothing about poverty."""

POVERTY: tuple[tuple[int, tuple[str, ...]], ...] = (
    (50, ()),
    (10, ("doi", "abstract")),
    (10, ("volume", "number", "pages")),
    (8, ("author",)),
    (8, ("journal", "booktitle", "isbn")),
    (7, ("doi", "abstract", "number", "pages")),
    (7, ("year", "volume", "number", "pages", "doi")),
)
"""Shares of records, and the fields that a poor source leaves empty; used where the folder brings no `strip.py`."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Records and what is known of them.

    Attributes:
        name: as printed.
        kind: `original`, `stripped` or `scaled`.
        folder: holds `records.csv` and `truth.csv`.
        doubtful: pairs whose label cannot be trusted.
        base: name of the set it was made of.
        seed: of the blanking.
    """

    name: str
    kind: str
    folder: Path
    doubtful: tuple[Pair, ...] = ()
    base: str = ""
    seed: int | None = None

    @property
    def records(self) -> Path:
        """The records as CSV."""
        return self.folder / "records.csv"

    def names(self) -> list[str]:
        """Names of the records in their order."""
        return [row["record_id"] for row in rows_of(self.records)]

    def truth(self) -> dict[str, str]:
        """The work of every record."""
        return dict(pairs_of(self.folder / "truth.csv"))


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file."""
    csv.field_size_limit(sys.maxsize)
    with path.open(newline="", encoding="utf-8") as handle:
        yield from csv.DictReader(handle)


def pairs_of(path: Path) -> list[Pair]:
    """The first two columns of a CSV file, or nothing where it is absent."""
    if not path.exists():
        return []
    csv.field_size_limit(sys.maxsize)
    with path.open(newline="", encoding="utf-8") as handle:
        return [(row[0], row[1]) for row in list(csv.reader(handle))[1:]]


def originals(folder: Path, only: Iterable[str] = ()) -> list[LabelledSet]:
    """The sets of a folder, those named or all."""
    chosen = set(only)
    return [
        LabelledSet(path.name, "original", path, tuple(pairs_of(path / "doubtful.csv")), base=path.name)
        for path in sorted(folder.iterdir())
        if (path / "truth.csv").exists() and (path / "records.csv").exists() and (not chosen or path.name in chosen)
    ]


def stripped(whole: LabelledSet, seed: int, work: Path, scripts: Path) -> LabelledSet | None:
    """The set with fields blanked in half of its records, by `strip.py` of its folder or by our own shares.

    Args:
        whole: a set of the folder.
        seed: of the blanking.
        work: folder for what is made.
        scripts: folder that may hold `strip.py`.

    Returns:
        The set, or nothing where the whole is too small.
    """
    if sum(1 for _ in rows_of(whole.records)) < SMALL:
        return None
    target = work / f"{whole.name}-stripped-{seed}"
    target.mkdir(parents=True, exist_ok=True)
    if (scripts / "strip.py").exists():
        command = [sys.executable, str(scripts / "strip.py"), str(whole.folder), str(target), str(seed)]
        subprocess.run(command, check=True, capture_output=True)
    else:
        blank(whole.records, target / "records.csv", seed)
        (target / "truth.csv").write_bytes((whole.folder / "truth.csv").read_bytes())
    return LabelledSet(f"{whole.name}, stripped {seed}", "stripped", target, whole.doubtful, whole.name, seed)


def blank(source: Path, target: Path, seed: int) -> None:
    """Write records with fields blanked, by the shares of `POVERTY`."""
    chance = random.Random(seed)
    rows = list(rows_of(source))
    shares, fields = [share for share, _ in POVERTY], [fields for _, fields in POVERTY]
    with target.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        for row in rows:
            (empty,) = chance.choices(fields, shares)
            writer.writerow(row | {name: "" for name in empty if name in row})


def scaled(size: int, work: Path, scripts: Path, python: Path) -> LabelledSet | None:
    """A set of any size, made by `scale.py` of the folder; nothing where it is absent.

    Args:
        size: records.
        work: folder for what is made.
        scripts: folder that may hold `scale.py`.
        python: interpreter that has what `scale.py` imports.
    """
    if not (scripts / "scale.py").exists() or not python.exists():
        return None
    target = work / f"scaled-{size}"
    if not (target / "truth.csv").exists():
        command = [str(python), str(scripts / "scale.py"), str(size), str(target)]
        subprocess.run(command, check=True, capture_output=True)
    return LabelledSet(f"scaled {size:,}", "scaled", target, base="scaled")
