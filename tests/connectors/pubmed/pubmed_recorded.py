"""Replies and records of PubMed that others recorded, parsed by nothing of ours."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from connectors.pubmed import read_articles
from connectors.pubmed.details import Details, details_of
from connectors.record import Record

RECORDED = next(
    (
        folder / "shared" / "eutils"
        for folder in Path(__file__).parents[3].parents
        if (folder / "shared" / "eutils").is_dir()
    ),
    None,
)
ROOTS = {"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"}


class Reply(NamedTuple):
    name: str
    status: int
    body: bytes


@cache
def replies() -> tuple[Reply, ...]:
    return tuple(_replies())


def _replies() -> Iterator[Reply]:
    yaml: Any = import_module("yaml")
    for path in sorted(RECORDED.rglob("*") if RECORDED else ()):
        if path.parent.name == "cassettes":
            for exchange in yaml.safe_load(path.read_bytes())["interactions"]:
                answer = exchange["response"]
                body = answer["body"]["string"]
                yield Reply(
                    path.name, answer["status"]["code"], body if isinstance(body, bytes) else body.encode("utf-8")
                )
        elif path.suffix in (".xml", ".json", ".raw", ".html") or path.name.startswith("efetch_"):
            status = re.search(r"_(\d{3})_", path.name)
            yield Reply(path.name, int(status[1]) if status else 200, path.read_bytes())


def root_of(body: bytes) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None


@cache
def recorded() -> tuple[tuple[str, ElementTree.Element, Record, Details], ...]:
    found = []
    for reply in replies():
        root = root_of(reply.body)
        if root is None or root.tag not in ROOTS:
            continue
        elements = [root] if root.tag in ("PubmedArticle", "PubmedBookArticle") else list(root)
        records = read_articles(reply.body).records
        assert len(elements) == len(records), reply.name
        found += [
            (reply.name, element, record, details_of(raw.payload))
            for element, (raw, record) in zip(elements, records, strict=True)
        ]
    return tuple(found)


def said(element: ElementTree.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def texts(element: ElementTree.Element, path: str) -> list[str]:
    return [text for found in element.findall(path) if (text := said(found))]
