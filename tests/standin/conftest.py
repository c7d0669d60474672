"""Fixtures: files of invented records, and a stand-in that serves them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from invented_pubmed import ARTICLES, BOOK, SET_BEGINS, Client

from livingsearch.standin import Standin


def write_set(path: Path, *articles: str) -> Path:
    """Write articles as a PubmedArticleSet file."""
    path.write_text(SET_BEGINS + "\n".join(articles) + "\n</PubmedArticleSet>\n", encoding="utf-8")
    return path


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes articles into a PubmedArticleSet file."""

    def written(*articles: str, name: str = "records.xml") -> Path:
        return write_set(tmp_path / name, *articles)

    return written


def serve(path: Path) -> Iterator[Client]:
    """A running stand-in over one file, and its client."""
    with Standin.of_files([path], clock=lambda: datetime(2021, 3, 10, 12, tzinfo=UTC)) as standin:
        client = Client(standin)
        with client.session:
            yield client


@pytest.fixture
def ask(write: Callable[..., Path]) -> Iterator[Client]:
    """A stand-in of the test's own over the invented records."""
    yield from serve(write(*ARTICLES, BOOK))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One that many tests share: nothing may be changed in it."""
    yield from serve(write_set(tmp_path_factory.mktemp("served") / "records.xml", *ARTICLES, BOOK))
