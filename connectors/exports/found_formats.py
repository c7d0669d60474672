"""The formats beside RIS and MEDLINE text, as `registry.FORMATS` takes them."""

import re
from collections.abc import Iterator

from connectors.exports.bibtex import count_bibtex, is_bibtex, read_bibtex
from connectors.exports.embase_rows import count_embase_rows, is_embase_rows, read_embase_rows
from connectors.exports.endnote_xml import count_endnote_xml, read_endnote_xml
from connectors.exports.formats import Asked, FoundFormat
from connectors.exports.found import Found
from connectors.exports.isi import count_isi, is_isi, read_isi
from connectors.exports.pubmed_xml import count_pubmed_xml, read_pubmed_xml
from connectors.exports.refer import count_refer, is_refer, read_refer
from connectors.exports.sniff import ris_starts
from connectors.exports.source import Source
from connectors.exports.tables import count_rows, has_known_header, is_table, plan_table, read_table
from connectors.exports.workbooks import WorkbookPlan, count_workbook, is_workbook, plan_workbook, read_workbook
from connectors.exports.xml_records import xml_encoding

_ROOT = re.compile(
    # Each part matches in one way only: what stands before the root may be made to be tried in countless ways.
    r"\s*+(?>(?:<\?[^>]{0,500}+>|<!--(?:(?!-->).){0,2000}+-->"
    r"|<!DOCTYPE[^>\[]{0,1000}+(?:\[[^\]]{0,5000}+\]\s*+)?+>)\s*+){0,9}+<([\w:-]{1,60}+)",
    re.DOTALL,
)
_PUBMED_ROOTS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"})
_ENDNOTE_ROOTS = frozenset({"xml", "records"})
_LINE_END = re.compile(r"\r\n?")


def root_of(source: Source) -> str | None:
    """Name of the outermost element of an XML file, or None where it is none."""
    found = _ROOT.match(_xml_head(source))
    return found[1] if found else None


def _xml_head(source: Source) -> str:
    try:
        text = source.head.decode(xml_encoding(source.head), "replace")
    except LookupError:
        text = source.head.decode("latin-1")
    return text.lstrip("\ufeff")


def _head(source: Source) -> str:
    return _LINE_END.sub("\n", source.beginning)


def _is_bibtex(source: Source) -> bool:
    head = _head(source)
    place = is_bibtex(head)
    # Lines of RIS may stand in the abstract of an entry, and the other way round: what comes first decides.
    return place is not None and next(ris_starts(head[:place]), None) is None


def _read_table(source: Source, asked: Asked) -> Iterator[Found]:
    return read_table(source.lines(), source.name, plan_table(source.lines(), source.name, asked.columns))


def _count_table(source: Source, asked: Asked) -> int:
    return count_rows(source.lines(), plan_table(source.lines(), source.name, asked.columns))


def _workbook_plan(source: Source, asked: Asked) -> WorkbookPlan:
    key = ("workbook", tuple((asked.columns or {}).items()))
    return source.once(key, lambda: plan_workbook(source.binary(), source.name, asked.columns))


def _read_workbook(source: Source, asked: Asked) -> Iterator[Found]:
    return read_workbook(source.binary(), source.name, _workbook_plan(source, asked))


def _count_workbook(source: Source, asked: Asked) -> int:
    return count_workbook(source.binary(), source.name, _workbook_plan(source, asked))


PUBMED_XML = FoundFormat(
    name="pubmed-xml",
    recognised=lambda source: root_of(source) in _PUBMED_ROOTS,
    count=lambda source, asked: count_pubmed_xml(source.binary(), source.name),
    read=lambda source, asked: read_pubmed_xml(source.binary(), source.name),
    start="<PubmedArticle>",
    platform="pubmed",
    encoded=lambda source: xml_encoding(source.head),
    binary=True,
)

ENDNOTE_XML = FoundFormat(
    name="endnote-xml",
    recognised=lambda source: (
        root_of(source) in _ENDNOTE_ROOTS and re.search(r"<records?[\s/>]", _xml_head(source)) is not None
    ),
    count=lambda source, asked: count_endnote_xml(source.binary(), source.name),
    read=lambda source, asked: read_endnote_xml(source.binary(), source.name),
    start="<record>",
    encoded=lambda source: xml_encoding(source.head),
    binary=True,
)

XLSX = FoundFormat(
    name="xlsx",
    recognised=lambda source: source.head.startswith(b"PK") and is_workbook(source.binary()),
    count=_count_workbook,
    read=_read_workbook,
    start="row",
    encoded=lambda source: "utf-8",
    binary=True,
)

ISI = FoundFormat(
    name="wos",
    recognised=lambda source: is_isi(_head(source)),
    count=lambda source, asked: count_isi(source.lines()),
    read=lambda source, asked: read_isi(source.lines(), source.name),
    start="PT",
    platform="wos",
)

REFER = FoundFormat(
    name="refer",
    recognised=lambda source: is_refer(_head(source)),
    count=lambda source, asked: count_refer(source.lines()),
    read=lambda source, asked: read_refer(source.lines(), source.name),
    start="%0",
)

BIBTEX = FoundFormat(
    name="bibtex",
    recognised=_is_bibtex,
    count=lambda source, asked: count_bibtex(source.lines()),
    read=lambda source, asked: read_bibtex(source.lines(), source.name),
    start="@",
)

EMBASE_ROWS = FoundFormat(
    name="embase-rows",
    recognised=lambda source: is_embase_rows(_head(source)),
    count=lambda source, asked: count_embase_rows(source.lines()),
    read=lambda source, asked: read_embase_rows(source.lines(), source.name),
    start="TITLE",
    platform="embase.com",
)

KNOWN_TABLE = FoundFormat(
    name="csv",
    recognised=lambda source: has_known_header(_head(source)),
    count=_count_table,
    read=_read_table,
    start="row",
)
"""A table that gives itself away by its column names."""

TABLE = FoundFormat(
    name="csv",
    recognised=lambda source: is_table(_head(source)),
    count=_count_table,
    read=_read_table,
    start="row",
)
"""What looks like a table of references; whether its columns can be read shows later."""
