"""ESearch's reply: what PubMed counted, how it read the query and what it ignored."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from connectors.altered import Warning, altered, not_accepted
from connectors.errors import MalformedReply
from connectors.pubmed.document import parse
from connectors.pubmed.entrez import read_or_fall_back

_NUMBER = re.compile(r"[0-9]{1,12}")
_KNOWN = frozenset(
    {
        "Count",
        "IdList",
        "QueryKey",
        "QueryTranslation",
        "RetMax",
        "RetStart",
        "TranslationSet",
        "TranslationStack",
        "WebEnv",
    }
)
"""Parts of a reply that are no remark: NCBI's DTD, eSearch_020511."""
_EMPTY = "without a text"
_NO_HITS = "no items found."
"""The one message that says nothing about the query: it found nothing."""


@dataclass(frozen=True, slots=True)
class SearchReply:
    """Answer to a search.

    Attributes:
        count: hits that PubMed reports.
        ids: PMIDs, in PubMed's order; beyond 9,999 hits in the order of the slices. Empty for a probe.
        query_translation: the query as PubMed ran it.
        translation_set: single terms and what PubMed made of them.
        warnings: all that PubMed ignored or remarked.
        web_env: name of the search stored at NCBI, or None.
        query_key: its number there, or None.
        body: the reply as it came.
        slice_bodies: replies from which the ids were put together beyond 9,999 hits, as they came.
    """

    count: int
    ids: tuple[str, ...]
    query_translation: str
    translation_set: tuple[tuple[str, str], ...]
    warnings: tuple[Warning, ...]
    web_env: str | None
    query_key: str | None
    body: bytes = field(repr=False)
    slice_bodies: tuple[bytes, ...] = field(default=(), repr=False)


def read_search(body: bytes) -> SearchReply:
    """Read an ESearch reply.

    Args:
        body: as it came.

    Returns:
        Its content.

    Raises:
        MalformedReply: it is not an ESearch reply or has no count.
    """
    document = parse(body)
    if document.root.tag != "eSearchResult":
        raise MalformedReply(f"PubMed's reply to a search is a {document.root.tag[:60]}.")
    root = read_or_fall_back(document)
    count = root.value("Count") or ""
    ids = tuple(node.text for node in root.all("IdList/Id"))
    if not _NUMBER.fullmatch(count) or not all(_NUMBER.fullmatch(pmid) for pmid in ids):
        raise MalformedReply("PubMed's reply to a search holds no count, or PMIDs that are not numbers.")
    return SearchReply(
        count=int(count),
        ids=ids,
        query_translation=root.value("QueryTranslation") or "",
        translation_set=tuple(
            (node.value("From") or "", node.value("To") or "") for node in root.all("TranslationSet/Translation")
        ),
        warnings=tuple(_warnings(document.root.element)),
        web_env=root.value("WebEnv"),
        query_key=root.value("QueryKey"),
        body=body,
    )


def _warnings(root: Element) -> Iterator[Warning]:
    """All that the reply remarks: what stands in its lists, and every part that this version does not know.

    Read from the XML itself: NCBI's DTD knows no other parts, and who reads by it may drop them.
    """
    for part in root:
        if part.tag in ("ErrorList", "WarningList"):
            if (part.text or "").strip():
                yield Warning(part.tag, _text(part))
            # One that says nothing is a remark all the same: PubMed never sends an empty one for nothing.
            yield from (Warning(remark.tag, _text(remark)) for remark in part)
        elif part.tag not in _KNOWN:
            yield Warning(part.tag, _text(part))


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split()) or _EMPTY


def check_warnings(reply: SearchReply, accepted: Collection[str] = ()) -> None:
    """Hold a search whose query PubMed did not run as it was sent.

    Every kind of warning counts, those that this version does not know too; only "No items found." is no
    sign of an altered query.

    Args:
        reply: to look at.
        accepted: kinds or single warnings that the review accepts, see `not_accepted`.

    Raises:
        QueryAltered: PubMed ignored something that is not accepted.
    """
    telling = (w for w in reply.warnings if not says_nothing(w))
    rest = not_accepted(telling, accepted)
    if rest:
        parts = "; ".join(_in_words(warning) for warning in rest)
        raise altered(f"PubMed did not run the search as it was written: {parts}.", rest)


def says_nothing(warning: Warning) -> bool:
    """Whether a warning only says that the search found nothing."""
    return warning.kind == "OutputMessage" and warning.text.lower() == _NO_HITS


def _in_words(warning: Warning) -> str:
    match warning.kind:
        case "PhraseNotFound":
            return f"it does not find {warning.text}"
        case "QuotedPhraseNotFound":
            return f"it does not know the phrase {warning.text} and left it out"
        case "FieldNotFound":
            return f"it does not know the field {warning.text}"
        case "PhraseIgnored":
            return f"it ignored {warning.text}"
        case "OutputMessage":
            return f"it remarks “{warning.text}”"
        case kind:
            return f"{kind}: {warning.text}"
