"""Random trees for the tests of readers and writers: what one platform's syntax can say, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from livingsearch.strategy.tree import (
    ANY_ENDING,
    And,
    DateField,
    DateRange,
    Heading,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    Vocabulary,
    Wild,
    Word,
)

USUAL_WORDS = ("peer", "worker", "disorder", "pain", "Asthma", "care", "children", "randomised", "trial", "π", "naïve")
ODD_WORDS = (
    *("and", "OR", "not", "adj", "adj3", "near", "near3", "next", "N3", "W5", "exp", "limit", "to", "from", "freq"),
    *("2019", "12", "1", "2", "19th", "e-health", "e-mental-health", "alzheimer's", "users'", "'tis", "him/her", "2.5"),
    *("u.s", "x.ti.", "x.ti,ab.", "st.", "cancer,", "(x)", "ti", "ab", "TI", "MH", "c++", "r&d", "5%", "a=b", "-", "&"),
    *("pmid:12", "<x>", "x;y", "a_b", "ﬁ", "β-blocker", "or/1-3", "asthma/", "asthma/dt"),
)
"""Words that a platform may take for something else."""


@dataclass(frozen=True)
class Drawn:
    """What may stand in a tree.

    Args:
        fields: names of fields; each Scoped has one or more of them. Empty for none.
        untagged: whether words may stand without a field.
        words: texts of words.
        endings: wildcards at the end of a word.
        inner: wildcards between letters.
        truncated_phrases: `all` words, the `last` word or `none` of a phrase may have wildcards.
        near: greatest number of words between, unordered; None for no proximity.
        wild_near: whether words with wildcards stand in proximity.
        ordered: whether proximity may be ordered as well.
        groups_near: whether Or may stand in proximity.
        vocabulary: of headings; None for no headings.
        headings: their texts.
        qualifiers: of headings, by name.
        dates: fields of dates; ranges stand in an And with something else.
        whole_years: whether ranges of publication dates begin and end with a year.
        references: numbers of lines.
        leaves: about how many terms at most.
    """

    fields: Sequence[str] = ("title", "abstract", "author_keywords")
    untagged: bool = False
    words: Sequence[str] = (*USUAL_WORDS, *ODD_WORDS)
    endings: Sequence[Wild] = (ANY_ENDING,)
    inner: Sequence[Wild] = ()
    truncated_phrases: str = "all"
    near: int | None = 5
    wild_near: bool = True
    ordered: bool = False
    groups_near: bool = True
    vocabulary: Vocabulary | None = None
    headings: Sequence[str] = ("Asthma", "Quality of Life", "Wounds and Injuries", "Receptors, Adrenergic, beta-2")
    qualifiers: Sequence[str] = ()
    dates: Sequence[DateField] = ()
    whole_years: bool = True
    references: Sequence[int] = ()
    leaves: int = 12


def plain_words(drawn: Drawn) -> st.SearchStrategy[Word]:
    """Words without wildcards."""
    return st.sampled_from(list(drawn.words)).map(lambda text: Word((text,)))


@st.composite
def words(draw: st.DrawFn, drawn: Drawn) -> Word:
    """Words, with or without wildcards; what stands behind a wildcard begins with a letter."""
    parts: list[str | Wild] = [draw(st.sampled_from(list(drawn.words)))]
    open_ended = [text for text in USUAL_WORDS if text in drawn.words] or list(drawn.words)
    kind = draw(st.integers(0, 4))
    if kind == 0 and drawn.inner:
        parts = [draw(st.sampled_from(open_ended)), draw(st.sampled_from(list(drawn.inner)))]
        parts.append(draw(st.sampled_from(open_ended)))
    if kind <= 1 and drawn.endings:
        parts[0] = draw(st.sampled_from(open_ended))
        parts.append(draw(st.sampled_from(list(drawn.endings))))
    return Word(tuple(parts))


@st.composite
def phrases(draw: st.DrawFn, drawn: Drawn, *, plain: bool = False) -> Phrase:
    """Two to four words."""
    number = draw(st.integers(2, 4))
    where = "none" if plain else drawn.truncated_phrases
    found = [
        draw(words(drawn) if where == "all" or (where == "last" and at == number - 1) else plain_words(drawn))
        for at in range(number)
    ]
    return Phrase(tuple(found))


@st.composite
def nears(draw: st.DrawFn, drawn: Drawn) -> Near:
    """Two or three words, phrases or alternatives close together."""
    word = words(drawn) if drawn.wild_near else plain_words(drawn)
    term: st.SearchStrategy[Node] = st.one_of(word, phrases(drawn, plain=not drawn.wild_near))
    if drawn.groups_near:
        term = st.one_of(term, st.lists(term, min_size=2, max_size=3).map(lambda operands: Or(tuple(operands))))
    operands = draw(st.lists(term, min_size=2, max_size=3))
    ordered = drawn.ordered and draw(st.booleans())
    return Near(tuple(operands), draw(st.integers(0, drawn.near or 0)), ordered)


def terms(drawn: Drawn) -> st.SearchStrategy[Node]:
    """What is looked for in a field."""
    kinds: list[st.SearchStrategy[Node]] = [words(drawn), words(drawn), phrases(drawn)]
    return st.one_of([*kinds, nears(drawn)] if drawn.near is not None else kinds)


def field_lists(drawn: Drawn) -> st.SearchStrategy[tuple[str, ...]]:
    """One or more fields, none twice."""
    return st.lists(st.sampled_from(list(drawn.fields)), min_size=1, max_size=4, unique=True).map(tuple)


def headings(drawn: Drawn) -> st.SearchStrategy[Heading]:
    """Headings of the thesaurus."""
    return st.builds(
        Heading,
        st.sampled_from(list(drawn.headings)),
        st.just(drawn.vocabulary),
        st.booleans(),
        st.booleans(),
        st.lists(st.sampled_from(list(drawn.qualifiers)), max_size=2, unique=True).map(tuple)
        if drawn.qualifiers
        else st.just(()),
    )


@st.composite
def date_ranges(draw: st.DrawFn, drawn: Drawn) -> DateRange:
    """Ranges with at least one end."""
    dated = draw(st.sampled_from(list(drawn.dates)))
    days = st.dates(date(1950, 1, 1), date(2030, 12, 31))
    first, last = sorted([draw(days), draw(days)])
    if drawn.whole_years and dated == "date_publication":
        first, last = first.replace(month=1, day=1), last.replace(month=12, day=31)
    ends = draw(st.sampled_from(["both", "first", "last"]))
    return DateRange(dated, first if ends != "last" else None, last if ends != "first" else None)


def leaves(drawn: Drawn) -> st.SearchStrategy[Node]:
    """A term with its fields, a heading, or a reference to a line."""
    kinds: list[st.SearchStrategy[Node]] = []
    if drawn.fields:
        kinds += [st.builds(Scoped, terms(drawn), field_lists(drawn))] * 3
    if drawn.untagged or not drawn.fields:
        kinds.append(terms(drawn))
    if drawn.vocabulary:
        kinds.append(headings(drawn))
    if drawn.references:
        kinds.append(st.sampled_from(list(drawn.references)).map(LineRef))
    return st.one_of(kinds)


def trees(drawn: Drawn) -> st.SearchStrategy[Node]:
    """Whole searches; not flat, with fields around terms and around groups."""

    def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=4).map(tuple)
        kinds: list[st.SearchStrategy[Node]] = [st.builds(And, several), st.builds(Or, several), several.map(_not)]
        if drawn.fields:
            kinds.append(st.builds(Scoped, st.builds(Or, several), field_lists(drawn)))
        if drawn.dates:
            kinds.append(st.builds(lambda node, dates: And((node, dates)), inner, date_ranges(drawn)))
        return st.one_of(kinds)

    return st.recursive(leaves(drawn), larger, max_leaves=drawn.leaves)


def _not(operands: tuple[Node, ...]) -> Not:
    return Not(operands[0], operands[1])


HOSTILE_TEXT = st.text(st.sampled_from(list("ab1 \t\n\"'()[]{}<>.,;:/$*#?=&|~+-_%!\\^“”‘’∗\u00a0\u200b\x00\ud800é漢")))
"""Text that no word should hold, and some do."""


@st.composite
def hostile_words(draw: st.DrawFn) -> Word:
    """Any letters, any wildcards anywhere."""
    wilds = st.builds(
        lambda least, more: Wild(least, None if more is None else least + more),
        st.integers(0, 120),
        st.one_of(st.none(), st.integers(0, 120)),
    )
    parts = draw(st.lists(st.one_of(HOSTILE_TEXT.filter(bool), wilds), min_size=1, max_size=4))
    return Word(tuple(parts))


def hostile_trees(fields: Sequence[str]) -> st.SearchStrategy[Node]:
    """Anything that the types allow, whether or not it makes sense."""
    word: st.SearchStrategy[Node] = hostile_words()
    phrase = st.lists(hostile_words(), min_size=1, max_size=3).map(lambda found: Phrase(tuple(found)))
    heading = st.builds(
        Heading,
        HOSTILE_TEXT,
        st.sampled_from([None, "mesh", "emtree", "cinahl", "apa"]),
        st.booleans(),
        st.booleans(),
        st.lists(HOSTILE_TEXT, max_size=2).map(tuple),
    )
    days = st.one_of(st.none(), st.dates())
    dates = st.builds(DateRange, st.sampled_from(["date_publication", "date_create", "date_entry"]), days, days)
    lists = st.lists(st.sampled_from(list(fields)), min_size=1, max_size=3).map(tuple)

    def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            st.builds(And, several),
            st.builds(Or, several),
            several.map(_not),
            st.builds(Scoped, inner, lists),
            st.builds(Near, several, st.integers(0, 200), st.booleans()),
        )

    return st.recursive(st.one_of(word, phrase, heading, dates), larger, max_leaves=8)
