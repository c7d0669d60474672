"""The formats beside RIS and MEDLINE text: how each is known by its content, read, and counted.

A format reads in one pass and counts in another, by different code: a file whose two numbers differ is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from connectors.exports.bibtex import count_bibtex, is_bibtex, read_bibtex
from connectors.exports.embase_rows import count_embase_rows, is_embase_rows, read_embase_rows
from connectors.exports.endnote_xml import count_endnote_xml, read_endnote_xml
from connectors.exports.found import Found, Lines
from connectors.exports.isi import count_isi, is_isi, read_isi
from connectors.exports.pubmed_xml import count_pubmed_xml, read_pubmed_xml
from connectors.exports.refer import count_refer, is_refer, read_refer
from connectors.exports.tables import TablePlan, count_rows, is_table, plan_table, read_table
from connectors.exports.workbooks import count_workbook, plan_workbook, read_workbook

_ROOT = re.compile(
    # Each part matches in one way only: what stands before the root may be made to be tried in countless ways.
    r"\s*+(?>(?:<\?[^>]{0,500}+>|<!--(?:(?!-->).){0,2000}+-->"
    r"|<!DOCTYPE[^>\[]{0,1000}+(?:\[[^\]]{0,5000}+\]\s*+)?+>)\s*+){0,9}+<([\w:-]{1,60}+)",
    re.DOTALL,
)
_PUBMED_ROOTS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"})
_ENDNOTE_ROOTS = frozenset({"xml", "records"})
_PROGRAM = re.compile(r"<source-app\s[^>]{0,200}?name=\"(\w{1,30})")
_PROGRAMS = {"EndNote": "endnote", "Zotero": "zotero", "EPPI": "eppi", "Mendeley": "mendeley", "Citavi": "citavi"}


class Source(Protocol):
    """A file that is being read."""

    name: str

    @property
    def beginning(self) -> str:
        """Its first characters."""

    def binary(self) -> BinaryIO:
        """The file at its beginning."""

    def lines(self) -> Lines:
        """Its numbered lines, from the beginning each time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read.

    Attributes:
        format: `pubmed-xml`, `endnote-xml`, `wos`, `bibtex`, `refer`, `csv`, `xlsx`; also the form of its payloads.
        platform: who wrote it, where the format tells.
        read: its records, remnants and remarks, in order.
        count: how many records it begins, counted independently.
    """

    format: str
    platform: str | None
    read: Callable[[], Iterator[Found]]
    count: Callable[[], int]


def root_of(head: str) -> str | None:
    """Name of the outermost element of an XML text, or None where it is none."""
    found = _ROOT.match(head.lstrip("\ufeff"))
    return found[1] if found else None


def xml_reading(source: Source) -> Reading | None:
    """How an XML file is read.

    Args:
        source: the file.

    Returns:
        None where it is not PubMed's or EndNote's XML.
    """
    file, name, root = source.binary(), source.name, root_of(source.beginning)
    if root in _PUBMED_ROOTS:
        return Reading("pubmed-xml", "pubmed", lambda: read_pubmed_xml(file, name), lambda: count_pubmed_xml(file))
    if root in _ENDNOTE_ROOTS and re.search(r"<records?[\s/>]", source.beginning):
        program = _PROGRAM.search(source.beginning)
        platform = _PROGRAMS.get(program[1]) if program else None
        return Reading("endnote-xml", platform, lambda: read_endnote_xml(file, name), lambda: count_endnote_xml(file))
    return None


def text_reading(source: Source, columns: Mapping[str, str] | None = None) -> Reading | None:
    """How a text of lines is read.

    Args:
        source: the file.
        columns: canonical field by column name, where a person gave it; for tables.

    Returns:
        None where it is none of the formats here.

    Raises:
        ColumnsUnknown: it is a table that needs a column map.
    """
    lines, name = source.lines, source.name
    head = re.sub(r"\r\n?", "\n", source.beginning)
    if is_isi(head):
        return Reading("wos", "wos", lambda: read_isi(lines(), name), lambda: count_isi(lines()))
    if is_refer(head):
        return Reading("refer", None, lambda: read_refer(lines(), name), lambda: count_refer(lines()))
    if is_bibtex(head):
        return Reading(
            "bibtex", _bibtex_platform(head), lambda: read_bibtex(lines(), name), lambda: count_bibtex(lines())
        )
    if is_embase_rows(head):
        return Reading("csv", "embase.com", lambda: read_embase_rows(lines(), name), lambda: count_embase_rows(lines()))
    if columns or is_table(head):
        return _table(source, plan_table(lines(), name, columns))
    return None


def workbook_reading(source: Source, columns: Mapping[str, str] | None = None) -> Reading:
    """How an Excel workbook is read.

    Args:
        source: the file.
        columns: canonical field by column name, where a person gave it.

    Raises:
        FileRefused: see `plan_workbook`.
    """
    file, name = source.binary(), source.name
    plan = plan_workbook(file, name, columns)
    return Reading(
        "xlsx",
        plan.sheets[0].layout.platform,
        lambda: read_workbook(file, name, plan),
        lambda: count_workbook(file, name, plan),
    )


def _table(source: Source, plan: TablePlan) -> Reading:
    lines, name = source.lines, source.name
    return Reading(
        "csv",
        plan.layout.platform,
        lambda: read_table(lines(), name, plan),
        lambda: count_rows(lines(), plan),
    )


def _bibtex_platform(head: str) -> str | None:
    if re.search(r"(?mi)^\s{0,20}source\s{0,20}=\s{0,20}[{\"]Scopus", head) or head.lstrip("\ufeff \r\n").startswith(
        "Scopus"
    ):
        return "scopus"
    return "wos" if re.search(r"(?mi)^\s{0,20}unique-id\s{0,20}=\s{0,20}[{\"]", head) else None
