"""Field tags of Ovid, by database, and the fields of the syntax tree that they stand for.

Sources: the database guides of Ovid (ospguides.ovid.com) for MEDLINE, Embase and APA PsycInfo; what `.mp.` and
`.tw.` take in is as Ovid prints it behind a search of its own (`[mp=title, abstract, …]`).
"""

import difflib
from dataclasses import dataclass
from typing import Literal

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.tree import DateField

Database = Literal["medline", "embase", "psycinfo"]

_NEUTRAL: dict[str, tuple[str, ...]] = {
    "ti": ("title",),
    "ab": ("abstract",),
    "kf": ("author_keywords",),
    "kw": ("author_keywords",),
    "tw": ("title", "abstract"),
    "hw": ("heading_word",),
    "mp": ("text_word",),
    "af": ("all",),
    "sh": ("subject_heading",),
    "au": ("author",),
    "in": ("affiliation",),
    "jn": ("journal",),
    "pt": ("publication_type",),
    "lg": ("language",),
    "la": ("language",),
    "do": ("identifier",),
    "ui": ("uid",),
    "an": ("uid",),
    "yr": ("date_publication",),
}
_NEUTRAL_IN: dict[Database, dict[str, tuple[str, ...]]] = {
    "medline": {"dt": ("date_create",), "ed": ("date_entry",)},
    "embase": {"tw": ("title", "abstract", "ovid:tn"), "dc": ("date_create",)},
    "psycinfo": {
        "id": ("author_keywords",),
        "tw": ("title", "abstract", "author_keywords"),
        "up": ("date_entry",),
    },
}
# Tags that no other platform has a twin of, of any of the databases: a tag is looked up in all of them, because a
# search is often pasted from one database to the next.
_OWN = frozenset(
    """
    ac ad ag ai aj am ap ar as at aw ax ba bc bd be bf bi bk bl bm bn bo bt bw bx by ca cb cc cd cf cg ci ck cl cm cn
    co cp cq cr cs ct cv cw cx cy da db dc dd de df dg di dj dm dn dp dq dr ds dt du dv dw ea eb ec ed ei em en ep er es
    et ex ez fa fc fd fe fl fm fo fs ft fu fx gc gd ge gi gl gn go gr gs gw gx hn ia ib ic id ie ig il ip ir is ja jc
    jr jt jw jx kp lc ld li lk ll lm lo ls lu ma mc md me mf mh mi mj mm mn mo ms mt mu mv mx nb nd ni nj nl nm no nt nu
    nw nx oa oc od on or os ot ox pa pb pc pd pf pg ph pi pl pm pn po pr ps pu pv px py qw rc rd rf rl rn ro rp rr rs rt
    ru rw rx ry sa sb sc sd se si sk sl sm sn so sp sq sr ss st su sx sy ta tc td te tg th tk tl tm tn to tp tr tt ty tz
    ul um un up ur us ut ux va vi vn vo vs wb wd wp xs yn zz
    m_titl m_auth
    """.split()
) - {"or", "of"}
KNOWN: frozenset[str] = frozenset(_NEUTRAL) | _OWN | {"sa_year"}

PHRASES_ONLY: frozenset[str] = frozenset({"kw", "dj"})
"""Tags of phrase-indexed fields that are often taken for fields of words."""

_MEANT: dict[str, str] = {
    "tiab": "ti,ab",
    "titleabstract": "ti,ab",
    "title": "ti",
    "titl": "ti",
    "abstract": "ab",
    "abs": "ab",
    "mesh": "sh",
    "keyword": "kf",
    "keywords": "kf",
    "tiabkw": "ti,ab,kf",
    "tikw": "ti,kf",
    "lang": "lg",
    "all": "af",
    "year": "yr",
}

NEAR_TWINS: dict[str, str] = {
    "pubmed:nm": "nm",
    "pubmed:rn": "rn",
    "pubmed:ps": "ps",
    "pubmed:si": "si",
    "pubmed:sh": "fs",
}
"""Fields of other platforms and the tags that come nearest.

Names of substances, registry numbers, persons as subjects, secondary sources, subheadings without a heading.
"""

_TAGS: dict[str, tuple[str, ...]] = {
    "title": ("ti",),
    "abstract": ("ab",),
    "author_keywords": ("kf",),
    "keywords": ("kf", "hw"),
    "heading_word": ("hw",),
    "text_word": ("mp",),
    "all": ("af",),
    "subject_heading": ("sh",),
    "subject_heading_major": ("sh",),
    "author": ("au",),
    "affiliation": ("in",),
    "journal": ("jn",),
    "publication_type": ("pt",),
    "language": ("lg",),
    "identifier": ("do",),
    "uid": ("ui",),
    "date_publication": ("yr",),
}
_TAGS_IN: dict[Database, dict[str, tuple[str, ...]]] = {
    "medline": {"date_create": ("dt",), "date_entry": ("ed",)},
    "embase": {"uid": ("an",), "date_create": ("dc",)},
    "psycinfo": {
        "author_keywords": ("id",),
        "keywords": ("id", "hw"),
        "uid": ("an",),
        "date_entry": ("up",),
    },
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The tags of one database.

    Args:
        database: which of the three sorts of database it is.
        read: tag → fields of the tree.
        written: field → tags; a field that is not in it has none.
    """

    database: Database
    read: dict[str, tuple[str, ...]]
    written: dict[str, tuple[str, ...]]

    def fields_of(self, tag: str) -> tuple[str, ...] | None:
        """The fields that a tag stands for; None for a tag that Ovid does not have."""
        if tag not in KNOWN and tag not in self.read:
            return None
        return self.read.get(tag, (f"ovid:{tag}",))

    def date_field(self, tag: str) -> DateField | None:
        """The date that a tag or the key of a limit stands for."""
        match self.read.get(tag):
            case ("date_publication",):
                return "date_publication"
            case ("date_create",):
                return "date_create"
            case ("date_entry",):
                return "date_entry"
            case _:
                return None

    def not_here(self, tag: str) -> str | None:
        """The tag to use instead of one that other databases have for the authors' keywords; None where it is fine."""
        right = self.written["author_keywords"][0]
        wrong = {"kf", "kw"} if self.database == "psycinfo" else set()
        return right if tag in wrong else None


def _table(database: Database) -> Fields:
    read = {**_NEUTRAL, "sa_year": ("date_publication",), **_NEUTRAL_IN[database]}
    return Fields(database, read, {**_TAGS, **_TAGS_IN[database]})


_TABLES: dict[Database, Fields] = {name: _table(name) for name in ("medline", "embase", "psycinfo")}
_BY_THESAURUS: dict[str | None, Database] = {"mesh": "medline", "emtree": "embase", "apa": "psycinfo"}


def fields_of(dialect: Dialect) -> Fields:
    """The tags of a database; those of MEDLINE for one that is not known."""
    return _TABLES[_BY_THESAURUS.get(dialect.vocabulary, "medline")]


def nearest(tag: str) -> str:
    """The tags most likely meant by one that Ovid does not have, with commas; empty where nothing is near."""
    if tag in _MEANT:
        return _MEANT[tag]
    usual = ("ti", "ab", "kf", "kw", "mp", "tw", "hw", "sh", "pt", "af", "au", "jn", "lg", "fs")
    close = difflib.get_close_matches(tag, [*usual, *_MEANT], 1, 0.5)
    return _MEANT.get(close[0], close[0]) if close else ""
