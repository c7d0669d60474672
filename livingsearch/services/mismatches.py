"""What speaks against files being the export that a person says they are."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from connectors.exports import MANAGERS, PLATFORMS, Summary, platform_named
from livingsearch.errors import ImportRefused
from livingsearch.review import Source

FIRST_DAY = date(1960, 1, 1)
"""No bibliographic database could be searched before."""


def require_plausible(date_searched: date, today: date) -> None:
    """Lets a date pass that can be true.

    Raises:
        ImportRefused: it lies in the future or before there were databases.
    """
    if date_searched > today:
        raise ImportRefused(f"The date searched, {date_searched}, lies in the future.")
    if date_searched < FIRST_DAY:
        raise ImportRefused(f"The date searched, {date_searched}, lies before there were databases to search.")


def require_platform(platform: str | None) -> None:
    """Lets a platform pass as which files can be read, or none.

    Raises:
        ImportRefused: no such platform is known.
    """
    if platform is not None and platform_named(platform) is None:
        raise ImportRefused(f"No platform is known as {platform!r}; known are: {', '.join(PLATFORMS)}.")


def mismatches(source: Source, files: Sequence[Summary], hits: int | None, *, platform_given: bool) -> list[str]:
    """Sentences that name what does not fit, for a person to explain or to mend.

    Args:
        source: as the review declares it.
        files: as they were read.
        hits: number of results that the platform showed, if noted.
        platform_given: whether the person named the platform, so that the files' own signals do not count.

    Returns:
        One sentence each: records against hits, the files' platform and the records' databases against the source.
    """
    found = []
    received = sum(f.records for f in files)
    if hits is not None and hits != received:
        found.append(f"The platform showed {hits:,} results, but {_hold(len(files))} {received:,} records.")
    declared = platform_named(source.platform)
    foreign = sorted({f.platform for f in files if f.platform and f.platform not in MANAGERS} - {declared})
    if declared and foreign and not platform_given:
        found.append(f"The file shows the signs of {', '.join(foreign)}, but {source.label} is declared.")
    databases: Counter[str] = Counter()
    for file in files:
        databases.update(file.databases)
    if databases and not any(_fits(name, source) for name in databases):
        named = ", ".join(f"{name} ({n:,})" for name, n in databases.most_common(3))
        found.append(f"The records say that they come from {named}, but {source.label} is declared.")
    return found


def _hold(files: int) -> str:
    return "the file holds" if files == 1 else f"the {files} files hold"


def _fits(database: str, source: Source) -> bool:
    """Whether one name holds the other: `CINAHL Complete` and `CINAHL`, `PsycINFO` and `APA PsycInfo`."""
    said = _letters(database)
    return any(said in declared or declared in said for declared in map(_letters, (source.name, source.database)))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())
