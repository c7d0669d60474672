"""Opening files that people hand in: those that they name, and those that lie where others may change things."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

Opened = Callable[[Path], BinaryIO]
"""How a file is opened; raises `OSError`."""


def opened_as_named(path: Path) -> BinaryIO:
    """A file that a person names: links are followed, a pipe is read to its end."""
    return path.open("rb")


def opened_as_lying(path: Path) -> BufferedReader:
    """A file that lies in a folder which others write to: what is checked is what is read.

    Neither the file nor its folder may be a link; the check is made on the open handle, so that nothing can take the
    file's place between the two.

    Raises:
        OSError: there is no such file, or it is a link, a pipe, a device or a folder.
    """
    with _folder_of(path) as folder:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            handle = os.open(path.name, flags, dir_fd=folder)
        except OSError as error:
            raise _told(error, path) from error
    file = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    return file


def moved_as_lying(path: Path, target: Path) -> None:
    """Moves what lies in such a folder, also a link itself, never what a linked folder holds.

    Raises:
        OSError: it is gone, or its folder is a link.
    """
    with _folder_of(path) as folder:
        os.replace(path.name, target, src_dir_fd=folder)


@contextmanager
def _folder_of(path: Path) -> Iterator[int]:
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise _told(error, path.parent) from error
    try:
        yield folder
    finally:
        os.close(folder)


def _told(error: OSError, path: Path) -> OSError:
    linked = error.errno == errno.ELOOP or (error.errno == errno.ENOTDIR and path.is_symlink())
    return OSError(error.errno, "it is a link", str(path)) if linked else error
