"""The committed sample files, read without any of the code that wrote them."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
RIS_FILES = {
    "medline-ovid": "ovid-medline.ris",
    "embase-ovid": "ovid-embase.ris",
    "psycinfo-ovid": "ovid-psycinfo.ris",
    "cinahl-ebsco": "ebsco-cinahl.ris",
}

Fields = list[tuple[str, str]]


def read_text(wave: str, source: str) -> str:
    name = "pubmed.xml" if source == "pubmed" else RIS_FILES[source]
    return (DATA / "samples" / wave / name).read_bytes().decode("utf-8")


def read_records(wave: str, source: str) -> list[Fields]:
    """Fields from each TY line to its ER line."""
    chunks = re.findall(r"^TY  - .*?^ER  - ", read_text(wave, source), re.MULTILINE | re.DOTALL)
    return [re.findall(r"^([A-Z][A-Z0-9])  - (.*?)\r?$", chunk, re.MULTILINE) for chunk in chunks]


def read_csv(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def text() -> Callable[[str, str], str]:
    return read_text


@pytest.fixture(scope="session")
def records() -> Callable[[str, str], list[Fields]]:
    return read_records


@pytest.fixture(scope="session")
def table() -> Callable[[str], list[dict[str, str]]]:
    return read_csv
