"""What PubMed would misread without a word, found before anything is sent.

Each of these changes the hits by orders of magnitude while PubMed's reply shows no warning: an unknown tag is
dropped and the words expanded, a tag behind a bracketed group is dropped, a look-alike of `*` truncates
nothing, a bracket without its partner groups other terms than it seems to.
"""

import re
from collections.abc import Callable, Collection, Iterator

from connectors.altered import Warning, altered, not_accepted
from connectors.look_alikes import look_alikes

_ABBREVIATIONS = """
    1au ad aff affl aid all au aucl auid auth author book cdat cn cnty cois coln crdt da date dcom dp dso ec
    ecno ed edat eid epdt fau faut filt filter finv fir full grnt gr invr ip ir is isbn iss issn jid job jour
    journal la lang lastau laut lid lr majr maj mdat mesh mh mhda mj nm ot otrm owner owntext own pa pagination
    page papx pdat pg pid pl pmc pmcid pmid pn ppdt ps pt ptyp publisher pubn py rn sb sh si stat subh subs
    subset ta text ti tiab title titl tt ttl tw uid vi vol volume wor word
"""
_NAMES = """
    affiliation; all fields; article identifier; author - corporate; author - first; author - full;
    author - identifier; author - last; author cluster id; author identifier; author full; author name;
    completion date; conflict of interest statement; conflict of interest statements; corporate author;
    create date; date - completion; date - create; date - entry; date - entrez; date - mesh;
    date - modification; date - publication; ec/rn number; editor; electronic publication date; entrez date;
    entry date; extended pmid; first author; first author name; full author name; full investigator name;
    grant number; grants and funding; investigator; investigator - full; issue; language; last author;
    last author name; location id; major topic; mesh; mesh date; mesh major topic; mesh subheading;
    mesh subheadings; mesh term; mesh terms; modification date; nlm unique id; other term; other terms;
    page number; personal name as subject; pharmacological action; place of publication;
    print publication date; publication date; publication type; secondary source id; secondary source;
    subject - personal name; subheading; substance name; supplementary concept; text word; text words;
    title/abstract; title word; transliterated title; unique id
"""
TAGS = frozenset(_ABBREVIATIONS.split()) | {" ".join(name.split()) for name in _NAMES.split(";")}
"""Search field tags, in lower case: PubMed User Guide, "Search field tags", and EInfo for db=pubmed."""

_QUOTED_OR_TAG = re.compile(r'"[^"]*"|\[[^\[\]"]*\]')
_TAG = re.compile(r'"[^"]*"|(\[[^\[\]"]*\])')
_GROUP_TAG = re.compile(r'"[^"]*"|(\)\s*\[[^\[\]"]*\])')
_PROXIMITY = re.compile(r'("[^"]*"|[^\s()"\[\]]+)\s*\[[^\[\]"]*:~\d+\s*\]')
_TERM = re.compile(r'"[^"]*"|[^\s()"\[\]]+')
_SHORTEST = 4


def preflight(query: str, accepted: Collection[str] = ()) -> None:
    """Hold a query that PubMed would misread.

    Args:
        query: in PubMed's syntax.
        accepted: kinds (`UnknownFieldTag`) or single findings (`UnknownFieldTag: [abc]`) to let pass.

    Raises:
        QueryAltered: with a sentence a finding.
    """
    found: dict[Warning, str] = {}
    for rule in _RULES:
        for warning, sentence in rule(query):
            found.setdefault(warning, sentence)
    rest = not_accepted(found, accepted)
    if rest:
        raise altered(" ".join(found[warning] for warning in rest), rest)


_Finding = tuple[Warning, str]


def _look_alikes(query: str) -> Iterator[_Finding]:
    return look_alikes(query, "PubMed")


def _unknown_tags(query: str) -> Iterator[_Finding]:
    for match in _TAG.finditer(query):
        tag = match[1]
        if tag is not None and not _known(tag):
            yield (
                Warning("UnknownFieldTag", tag),
                f"{tag} is no field tag of PubMed, which would drop it and search the words everywhere.",
            )


def _known(tag: str) -> bool:
    name = " ".join(tag.strip("[]").split()).casefold()
    name = re.sub(r"\s*:\s*(~\d+|no\s?exp)$", "", name)
    return name in TAGS or name.startswith("journal:__jid")


def _tagged_groups(query: str) -> Iterator[_Finding]:
    for match in _GROUP_TAG.finditer(query):
        if match[1] is not None:
            tag = match[1][1:].strip()
            yield (
                Warning("TagOnGroup", ")" + tag),
                f"The tag {tag} stands behind a group in brackets, where PubMed drops it; "
                "put it behind each term of the group.",
            )


def _proximity_with_truncation(query: str) -> Iterator[_Finding]:
    for match in _PROXIMITY.finditer(query):
        if "*" in match[1]:
            yield (
                Warning("ProximityWithTruncation", match[0]),
                f"{match[0]} joins nearness with *, where PubMed drops the nearness; "
                "write the word forms out, each with its nearness.",
            )


def _truncation(query: str) -> Iterator[_Finding]:
    bare = _QUOTED_OR_TAG.sub(lambda m: m[0] if m[0].startswith('"') else " ", query)
    for match in _TERM.finditer(bare):
        term = match[0].strip('"').strip()
        stem, star, _ = term.partition("*")
        # Wildcards within words and phrases count since June 2024, behind four characters of the term (NLM Tech Bull
        # 2024 May-Jun;458:e5).
        if star and sum(char.isalnum() for char in stem) < _SHORTEST:
            yield (
                Warning("ShortTruncation", match[0]),
                f"{match[0]} has fewer than {_SHORTEST} characters before its *, too few for PubMed "
                "to truncate; write the word forms out.",
            )


def _unbalanced(query: str) -> Iterator[_Finding]:
    if query.count('"') % 2:
        yield (
            Warning("UnbalancedQuotes", '"'),
            'A " has no partner, and PubMed would guess where the phrase ends; close or delete it.',
        )
        return
    bare = re.sub(r'"[^"]*"', " ", query)
    for opening, closing in ("()", "[]"):
        depth = lowest = 0
        for char in bare:
            depth += (char == opening) - (char == closing)
            lowest = min(lowest, depth)
        if depth or lowest:
            missing = closing if depth - lowest > 0 else opening
            yield (
                Warning("UnbalancedBrackets", opening + closing),
                f"The search has a bracket without its partner ({missing} is missing), and PubMed would guess "
                "what belongs together; complete it.",
            )


_RULES: tuple[Callable[[str], Iterator[_Finding]], ...] = (
    _look_alikes,
    _unknown_tags,
    _tagged_groups,
    _proximity_with_truncation,
    _truncation,
    _unbalanced,
)
