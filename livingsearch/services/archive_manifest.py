"""What an archive of a review says of itself: its manifest, and the names that its members may have."""

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, StringConstraints

FORMAT = 1
"""Of archives; a later one is refused by programs that do not know it."""

MANIFEST = "manifest.json"
README = "README.md"
TABLES = "tables/"
"""One Parquet file a table."""
FILES = "review/"
"""Files of the review's folder, as they lie there."""
REVIEW_FILE = FILES + "review.toml"
RECEIVED = FILES + "received/"

_LONGEST_NAME = 400
_COMPONENT = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff/\\:*?\"<>|]{1,200}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Member(_Part):
    """A member of the archive.

    Attributes:
        bytes: unpacked.
        sha256: of these.
    """

    bytes: NonNegativeInt
    sha256: Sha256


class AppliedMigration(_Part):
    """A migration that the database had gone through."""

    number: int
    name: str
    sha256: Sha256


class Manifest(_Part):
    """The member `manifest.json`.

    Attributes:
        format: `FORMAT` of the program that wrote it.
        review: slug.
        title: of the review.
        version: of the review, as its file says.
        program: that wrote the archive, with its version.
        position: of the review's log, whose state this is.
        as_of: instant (UTC) of the log's last entry; None where the log is empty.
        migrations: that the database had gone through, in the order in which it did.
        tables: rows by table.
        left_out: what is not in the archive, each with the reason.
        members: all but the manifest itself, by name.
    """

    format: int
    review: str
    title: str
    version: str | None
    program: str
    position: NonNegativeInt
    as_of: str | None
    migrations: list[AppliedMigration]
    tables: dict[str, NonNegativeInt] = Field(max_length=10_000)
    left_out: dict[str, str]
    members: dict[str, Member]


def table_member(table: str) -> str:
    """Name of the member that holds a table."""
    return f"{TABLES}{table}.parquet"


def problem_of_name(name: str) -> str | None:
    """Why a member may not have a name: it could be written outside of the review's folder, or not everywhere.

    Args:
        name: of a member.

    Returns:
        What is wrong with it; None for nothing.
    """
    parts = name.split("/")
    if len(name) > _LONGEST_NAME:
        return "it is longer than 400 characters"
    for part in parts:
        if part.startswith("."):
            return "a part of it begins with a dot"
        if not _COMPONENT.fullmatch(part):
            return "a part of it is empty or holds a character that not every system can write"
        if part != part.rstrip(" .") or _RESERVED.fullmatch(part):
            return "not every system can write it"
    if name in (MANIFEST, README):
        return None
    if name.startswith(TABLES):
        stem = PurePosixPath(name)
        named = len(parts) == 2 and stem.suffix == ".parquet" and _NAME.fullmatch(stem.stem)
        return None if named else "it is no table's"
    if not name.startswith(FILES):
        return "it lies in no folder that an archive has"
    if parts[1] == "locks" or parts[1].startswith("review.duckdb"):
        return "it would take the place of the database"
    return None
