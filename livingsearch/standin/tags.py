"""The search field tags that the stand-in knows, and what QueryTranslation calls their fields."""

import re
from dataclasses import dataclass

_TAG = re.compile(r"^(?P<name>[^:]*?)\s*(?::\s*(?P<modifier>.*))?$")


@dataclass(frozen=True, slots=True)
class Tag:
    """A known tag.

    Args:
        fields: what it searches.
        label: the field's name in QueryTranslation.
        between: the number of a proximity modifier (`:~2`), where the field allows one.
    """

    fields: tuple[str, ...]
    label: str
    between: int | None = None


ALL_FIELDS = Tag(("all",), "All Fields")

# PubMed User Guide, "Search field tags". [tiab] holds author keywords and other abstracts too.
_KNOWN: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("tiab title/abstract", ("title", "abstract", "author_keywords"), "Title/Abstract"),
    ("ti title", ("title",), "Title"),
    ("ab abstract", ("abstract",), "Abstract"),
    ("ot other-term", ("author_keywords",), "Other Term"),
    ("tw text-word text-words", ("text_word",), "Text Word"),
    ("mh mesh mesh-terms", ("subject_heading",), "MeSH Terms"),
    ("majr mesh-major-topic", ("subject_heading_major",), "MeSH Major Topic"),
    ("au author", ("author",), "Author"),
    ("ta jour journal", ("journal",), "Journal"),
    ("pt publication-type", ("publication_type",), "Publication Type"),
    ("la lang language", ("language",), "Language"),
    ("ad affiliation", ("affiliation",), "Affiliation"),
    ("aid doi lid article-identifier", ("identifier",), "Article Identifier"),
    ("uid pmid", ("uid",), "UID"),
    ("dp pdat date-publication", ("date_publication",), "Date - Publication"),
    ("crdt date-create", ("date_create",), "Date - Create"),
    ("edat date-entry", ("date_entry",), "Date - Entry"),
    ("all all-fields", ("all",), "All Fields"),
)
_BY_NAME = {name: Tag(fields, label) for names, fields, label in _KNOWN for name in names.split()}
LABELS = {tag.fields: tag.label for tag in _BY_NAME.values()}
_WITH_PROXIMITY = {"Title", "Title/Abstract", "Affiliation"}


def tag_of(text: str) -> Tag | None:
    """What stands between square brackets, or None where PubMed would ignore the tag.

    Args:
        text: such as `tiab`, `Title/Abstract`, `mh:noexp`, `ti:~3`.
    """
    found = _TAG.match(text.strip())
    if found is None:
        return None
    name = re.sub(r"[\s-]+", "-", found["name"].strip().lower())
    known = _BY_NAME.get(name)
    # A modifier that the field does not have is ignored without a word, as in PubMed (`asthma[mh:~3]`).
    proximity = re.fullmatch(r"~\s*(\d+)", found["modifier"] or "")
    if known and proximity and known.label in _WITH_PROXIMITY:
        return Tag(known.fields, known.label, int(proximity[1]))
    return known
