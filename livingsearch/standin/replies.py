"""The shapes of the replies of E-utilities, in XML and JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from xml.sax.saxutils import escape

XML = "text/xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n'
_DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd"
_DOCTYPES = {
    "esearch": f'<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" "{_DTD}/20060628/esearch.dtd">',
    "efetch": f'<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" "{_DTD}/20131226/efetch.dtd">',
    "epost": f'<!DOCTYPE ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" "{_DTD}/20090526/epost.dtd">',
    "einfo": f'<!DOCTYPE eInfoResult PUBLIC "-//NLM//DTD einfo 20190110//EN" "{_DTD}/20190110/einfo.dtd">',
}
_ROOTS = {
    "esearch": "eSearchResult",
    "efetch": "eFetchResult",
    "epost": "ePostResult",
    "einfo": "eInfoResult",
}
_ARTICLES = (
    '<?xml version="1.0" ?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


class Manner(Enum):
    """How a reply goes over the wire."""

    WHOLE = "all of it"
    SILENT = "nothing, and the connection is closed"
    RESET = "nothing, and the connection is reset"
    BROKEN_OFF = "the length of the whole body, half of it, and the connection is closed"
    STALLED = "as broken off, but with a pause before the connection is closed"
    DRIPPING = "in small pieces with a pause before each"


@dataclass(frozen=True)
class Reply:
    """What goes back over the wire.

    Args:
        body: as sent.
        content_type: of the body.
        status: HTTP status.
        headers: further ones.
        wait: seconds to hold the reply back.
        manner: how it is sent.
        pause: seconds between pieces, or before the end.
    """

    body: bytes
    content_type: str = XML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    manner: Manner = Manner.WHOLE
    pause: float = 0


@dataclass(frozen=True)
class SearchResult:
    """What an ESearch reply says; lists are empty, or None where the reply does not hold them at all."""

    count: int
    start: int
    pmids: tuple[int, ...]
    translation: str
    translations: tuple[tuple[str, str], ...] = ()
    query_key: int | None = None
    webenv: str = ""
    phrases_not_found: tuple[str, ...] | None = None
    phrases_ignored: tuple[str, ...] = ()
    quoted_not_found: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


def xml_document(endpoint: str, content: str, separator: str = "\n") -> Reply:
    """A reply of that endpoint around ready XML."""
    root = _ROOTS[endpoint]
    body = f"{_DECLARATION}{_DOCTYPES[endpoint]}{separator}<{root}>{content}</{root}>\n"
    return Reply(body.encode())


def json_document(kind: str, content: Mapping[str, object]) -> Reply:
    """A JSON reply of that endpoint."""
    body = {"header": {"type": kind, "version": "0.3"}, f"{kind}result": content}
    return Reply(json.dumps(body, separators=(",", ":")).encode(), JSON)


def error_reply(endpoint: str, *messages: str, as_json: bool = False) -> Reply:
    """An error that comes with status 200.

    Args:
        endpoint: whose.
        messages: one or more.
        as_json: in JSON, a line break stands raw within the string, as in the real replies: strict parsers stop.
    """
    if as_json:
        reply = json_document(endpoint, {"ERROR": messages[0]})
        return Reply(reply.body.replace(b"\\n", b"\n"), JSON)
    return xml_document(endpoint, "".join(f"\n\t<ERROR>{escape(m)}</ERROR>" for m in messages) + "\n")


def bare_error(message: str, status: int = 400) -> Reply:
    """EFetch's error without a DOCTYPE, with a status of its own."""
    return Reply(f"<eFetchResult><ERROR>{escape(message)}</ERROR></eFetchResult>".encode(), XML, status)


def article_set(articles: Iterable[bytes]) -> Reply:
    """Records as EFetch sends them, byte for byte."""
    inner = b"\n".join(articles)
    lines = b"\n" + inner + b"\n" if inner else b""
    return Reply(_ARTICLES.encode() + b"<PubmedArticleSet>" + lines + b"</PubmedArticleSet>")


def search_xml(result: SearchResult) -> Reply:
    """An ESearch reply."""
    ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in result.pmids)
    translations = "".join(
        f"<Translation>     <From>{escape(said)}</From>     <To>{escape(meant)}</To>    </Translation>"
        for said, meant in result.translations
    )
    content = _elements({"Count": result.count, "RetMax": len(result.pmids), "RetStart": result.start})
    if result.query_key is not None:
        content += _elements({"QueryKey": result.query_key, "WebEnv": result.webenv})
    content += f"<IdList>\n{ids}</IdList>" if ids else "<IdList/>"
    content += f"<TranslationSet>{translations}</TranslationSet>" if translations else "<TranslationSet/>"
    content += _elements({"QueryTranslation": result.translation})
    if result.phrases_not_found is not None:
        content += f"<ErrorList>{_each('PhraseNotFound', result.phrases_not_found)}</ErrorList>"
    warnings = (
        _each("PhraseIgnored", result.phrases_ignored)
        + _each("QuotedPhraseNotFound", result.quoted_not_found)
        + _each("OutputMessage", result.messages)
    )
    return xml_document("esearch", content + (f"<WarningList>{warnings}</WarningList>" if warnings else ""))


def search_json(result: SearchResult) -> Reply:
    """The same in JSON."""
    content: dict[str, object] = {
        "count": str(result.count),
        "retmax": str(len(result.pmids)),
        "retstart": str(result.start),
    }
    if result.query_key is not None:
        content |= {"querykey": str(result.query_key), "webenv": result.webenv}
    content |= {
        "idlist": [str(pmid) for pmid in result.pmids],
        "translationset": [{"from": said, "to": meant} for said, meant in result.translations],
        "querytranslation": result.translation,
    }
    if result.phrases_not_found is not None:
        content["errorlist"] = {"phrasesnotfound": result.phrases_not_found, "fieldsnotfound": []}
    if result.phrases_ignored or result.quoted_not_found or result.messages:
        content["warninglist"] = {
            "phrasesignored": result.phrases_ignored,
            "quotedphrasesnotfound": result.quoted_not_found,
            "outputmessages": result.messages,
        }
    return json_document("esearch", content)


def _elements(values: Mapping[str, object]) -> str:
    return "".join(_each(name, [str(value)]) for name, value in values.items())


def _each(name: str, values: Iterable[str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for value in values)
