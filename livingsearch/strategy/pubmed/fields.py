"""PubMed's field tags: their names, and what they are on other platforms.

Source: PubMed User Guide, "Search field tags", and the names that EInfo and Search Details use for the same fields. A
tag that is not among them is ignored by PubMed without a word, and the term is mapped automatically. There is none
for abstracts alone: `[ab]` is such an unknown tag.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal

Kind = Literal["text", "verbatim", "heading", "date", "uid"]

TITLE_ABSTRACT = ("title", "abstract", "author_keywords")
"""What [tiab] is: PubMed looks in author keywords as well."""

# Tag → its other names, in lower case. The tag itself is what is written.
_NAMES: dict[str, tuple[str, ...]] = {
    "tiab": ("title/abstract",),
    "ti": ("title", "titl"),
    "ot": ("other term", "other terms", "otrm"),
    "tw": ("text word", "text words", "word"),
    "all": ("all fields", "all field"),
    "tt": ("transliterated title",),
    "mh": ("mesh", "mesh terms", "mesh term"),
    "majr": ("mesh major topic", "mj"),
    "sh": ("mesh subheading", "mesh subheadings", "subheading", "subh"),
    "nm": ("supplementary concept", "substance name", "subs"),
    "pa": ("pharmacological action", "papx"),
    "rn": ("ec/rn number", "ecno"),
    "pt": ("publication type", "ptyp"),
    "la": ("language", "lang"),
    "sb": ("subset",),
    "filter": ("filt",),
    "au": ("author", "auth"),
    "fau": ("full author name", "full author", "full"),
    "1au": ("first author name", "first author", "author - first", "faut"),
    "lastau": ("last author name", "last author", "author - last", "laut"),
    "auid": ("author identifier", "author - identifier"),
    "cn": ("corporate author", "author - corporate", "coln"),
    "ir": ("investigator", "invr"),
    "fir": ("full investigator name", "finv"),
    "ed": ("editor",),
    "ps": ("personal name as subject", "subject - personal name"),
    "ad": ("affiliation", "affl"),
    "ta": ("journal", "jour"),
    "jid": ("nlm unique id",),
    "vi": ("volume", "vol"),
    "ip": ("issue", "iss"),
    "pg": ("pagination", "page"),
    "pl": ("place of publication", "cnty"),
    "pubn": ("publisher",),
    "book": (),
    "isbn": (),
    "gr": ("grant number", "grants and funding", "grnt"),
    "si": ("secondary source id",),
    "cois": ("conflict of interest statement", "conflict of interest statements"),
    "pmcid": (),
    "mid": (),
    "aid": ("article identifier", "doi"),
    "lid": ("location id",),
    "uid": ("pmid",),
    "dp": ("publication date", "date - publication", "pdat"),
    "crdt": ("create date", "date - create"),
    "edat": ("entry date", "entrez date", "date - entry", "date - entrez"),
    "mhda": ("mesh date", "date - mesh"),
    "dcom": ("completion date", "date - completion", "cdat"),
    "lr": ("modification date", "date - modification", "mdat"),
    "ppdt": ("print publication date",),
    "epdt": ("electronic publication date",),
}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("tiab", "ti", "ot", "tw", "all", "tt"), "text"),
    **dict.fromkeys(("mh", "majr"), "heading"),
    **dict.fromkeys(("dp", "crdt", "edat"), "date"),
    "uid": "uid",
}
NEUTRAL: dict[str, tuple[str, ...]] = {
    "tiab": TITLE_ABSTRACT,
    "ti": ("title",),
    "ot": ("author_keywords",),
    "tw": ("text_word",),
    "all": ("all",),
    "mh": ("subject_heading",),
    "majr": ("subject_heading_major",),
    "pt": ("publication_type",),
    "la": ("language",),
    "au": ("author",),
    "ad": ("affiliation",),
    "ta": ("journal",),
    "aid": ("identifier",),
    "uid": ("uid",),
    "dp": ("date_publication",),
    "crdt": ("date_create",),
    "edat": ("date_entry",),
}
"""Tag → the fields that other platforms have too; all other tags are `pubmed:tag`."""
OF_OTHERS: dict[str, str] = {"ovid:nm": "nm", "ovid:rn": "rn", "ovid:ps": "ps", "ovid:fs": "sh", "ovid:si": "si"}
"""Fields of other platforms → the tag that is the same field of the same MEDLINE record."""
PROXIMITY = ("ti", "tiab", "ad")
"""Where PubMed has proximity, e.g. `"a b"[tiab:~2]`; elsewhere it ignores the part behind the colon."""
_LONGEST_DISTANCE = 4

_TAG_OF = {name: tag for tag, names in _NAMES.items() for name in (tag, *names)}


@dataclass(frozen=True, slots=True)
class Tag:
    """A field tag as it was read.

    Args:
        name: the short tag that PubMed documents.
        kind: how what stands before it is read.
        fields: names of `tree.FieldName`, or `pubmed:tag`.
        between: for proximity, how many words may stand between.
        exploded: for headings, whether those below are searched as well.
    """

    name: str
    kind: Kind
    fields: tuple[str, ...]
    between: int | None = None
    exploded: bool = True

    @property
    def has_proximity(self) -> bool:
        """Whether PubMed heeds a distance in this field."""
        return self.name in PROXIMITY


@cache
def _plain(name: str) -> Tag:
    return Tag(name, _KINDS.get(name, "verbatim"), NEUTRAL.get(name, (f"pubmed:{name}",)))


def tag_named(text: str) -> Tag | None:
    """The field that a tag stands for.

    Args:
        text: what stands between the square brackets.

    Returns:
        The tag; None where PubMed would ignore it.
    """
    name = " ".join(text.lower().split())
    tag = _TAG_OF.get(name)
    if tag is not None:
        return _plain(tag)
    head, colon, modifier = name.partition(":")
    tag, modifier = _TAG_OF.get(head.strip()), modifier.strip()
    if tag is None or not colon:
        return None
    if modifier == "noexp" and tag in ("mh", "majr"):
        return Tag(tag, "heading", NEUTRAL[tag], exploded=False)
    distance = modifier.removeprefix("~")
    if modifier.startswith("~") and distance.isascii() and distance.isdigit() and len(distance) <= _LONGEST_DISTANCE:
        plain = _plain(tag)
        return Tag(tag, plain.kind, plain.fields, between=int(distance))
    return None


def nearest(text: str) -> str:
    """The tag that somebody meant who wrote an unknown one; empty where none is like it."""
    name = " ".join(text.lower().split())[:60]
    if name in ("ab", "abstract", "ti,ab", "ab,ti", "ti ab", "tiab,ot"):
        return "tiab"
    found = get_close_matches(name.partition(":")[0], _TAG_OF, n=1, cutoff=0.6)
    return _TAG_OF[found[0]] if found else ""
