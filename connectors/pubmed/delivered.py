"""Which records a reply of EFetch holds, in one pass without building a tree.

Every reply is checked by this before it is stored, and read in full later, so it has to be quick; what it
accepts, `document.parse` accepts too, and it finds the same records.
"""

import re
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from connectors.errors import MalformedReply
from connectors.pubmed.classify import none_exist
from connectors.pubmed.document import parse

RECORD_PMIDS = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}
"""Elements that are records, and where each keeps its PMID."""

SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
"""Elements that hold records."""

_PLAIN = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_HOLDERS = {record: path.partition("/")[0] for record, path in RECORD_PMIDS.items()}
_DEEPEST = 150
"""As in `document`."""


def pmids_in(body: bytes) -> tuple[str, ...]:
    """PMIDs of the records in a reply.

    Args:
        body: as it came.

    Returns:
        One a record, in order; an empty text for a record without one. None at all where PubMed says that none
        of the records exist.

    Raises:
        MalformedReply: it holds no set of records, or an error message among them.
    """
    if none_exist(body):
        return ()
    if body.startswith(_BOMS) or _PLAIN.match(body[:500]):
        # Written in something else than UTF-8, which NCBI never does: never mind how long it takes.
        body = parse(body).text.encode("utf-8", "surrogatepass")
    else:
        body = _checked(body)
    scan = _Scan()
    parser: Any = XMLParser(target=scan, encoding="utf-8")
    scan.attach(parser.parser)
    try:
        parser.feed(body)
        parser.close()
    except ParseError as problem:
        line = problem.position[0]
        raise MalformedReply(f"PubMed's reply is not well-formed XML (line {line}).") from None
    except DefusedXmlException:
        raise MalformedReply("PubMed's reply declares entities, which is never needed.") from None
    if scan.strange:
        raise MalformedReply(f"PubMed's reply is a {scan.strange[:60]} instead of records.")
    return tuple(pmid.strip() for pmid in scan.pmids)


def _checked(body: bytes) -> bytes:
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        body.decode("utf-8")
    except UnicodeError:
        raise MalformedReply("PubMed's reply is not text in utf-8.") from None
    return body


class _Scan:
    """Counts levels and collects PMIDs; sees no text but that of the PMIDs."""

    def __init__(self) -> None:
        self.pmids: list[str] = []
        self.strange = ""
        self._expat: Any = None
        self._depth = 0
        self._records_at = 1
        self._record = ""
        self._inside = False
        self._found = self._reading = False

    def attach(self, expat: Any) -> None:
        """Take the parser's events directly: through a target of Python they cost six times as much."""
        self._expat = expat
        expat.DefaultHandlerExpand = None
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        expat.SkippedEntityHandler = _undefined

    def _start(self, tag: str, attributes: list[str]) -> None:
        depth, self._depth = self._depth, self._depth + 1
        if self._reading:
            self._stop_reading()
        if depth > self._records_at + 2:
            if depth >= _DEEPEST:
                raise MalformedReply(f"PubMed's reply is nested more than {_DEEPEST} levels deep.")
            return
        if depth == 0:
            self._records_at = 0 if tag in RECORD_PMIDS else 1
            if tag not in RECORD_PMIDS and tag not in SETS:
                self.strange = tag
        elif depth == 1 and self._records_at == 1 and tag.casefold() == "error":
            self.strange = self.strange or f"set of records with an {tag}"
        if depth == self._records_at:
            self._record = tag if tag in RECORD_PMIDS else ""
            self._found = False
            if self._record:
                self.pmids.append("")
        elif self._record and depth == self._records_at + 1:
            self._inside = tag == _HOLDERS[self._record]
        elif self._inside and depth == self._records_at + 2 and tag == "PMID" and not self._found:
            self._found = self._reading = True
            self._expat.CharacterDataHandler = self._text

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._reading:
            self._stop_reading()

    def _stop_reading(self) -> None:
        self._reading = False
        self._expat.CharacterDataHandler = None

    def _text(self, text: str) -> None:
        self.pmids[-1] += text


def _undefined(name: str, is_parameter: bool) -> None:
    raise MalformedReply("PubMed's reply uses an entity that it does not define.")
