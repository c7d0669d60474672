"""What is plain is read the short way: every record comes to what it comes to the long way."""

import random
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup

PIECES = {
    "title": "Salt in coastal villages|Kettles|and TEA|Part 2|part ii|vol 3|of 14|Erratum:|- a comment|: Correction|"
    "Reply|Retracted article:|(retracted)|Withdrawn:|[Salz und Tee am Meer in Dörfern]|[See comments]|(review)|"
    "(vol 12, pg 33)|NCT01234567|iſrctn12345678|ChiCTR-IPR-123|Editorial|conference proceedings|editors comments|"
    "II|I.|b|. 2. |α-β|introduction to this theme issue|naïve & <b>bold</b>|\u00a0| |é5|K2|in reply to Smith|"
    "authors' response|  x|\n|ı",
    "journal": "Journal of Salt|The Lancet|Meeting|Abstracts|of the|bioRxiv|Research|Research Square|Square|"
    "ClinicalTrials.gov|Trial|record|registry|https://clinicaltrials.gov/ct2/show/NCT01234567|"
    "Cochrane Database of Reviews|Congress|12th|: proceedings|Conference:|Annual scientific|meeting|"
    "ıSRCTN|Zeitschrift für Tee",
    "volume": "12|013|(1)|1)|(no pagination)|31 (Supplement 1)|Conference 7|abstracts|Suppl 2",
    "issue": "1|04|Suppl 1|S2|abstract|from the|12345|Special issue|poster",
    "pages": "1|12|012|123|99999|123456|0|-|-|--|–|‐|S|e|a|P|sa|A|.e1|pp.| |Jan|01|/|no pagination|art. no.",
    "doi": "10.1000/|10.1000/|salt.12|S0140-6736(05)12|https://doi.org/|/full|/pdf|%2F7|?x=1|#a|.|X|x| |Ä|.pub2|"
    "10.1101/2020.01.02|10.21203/rs.3|10.1002/14651858.CD1|10.2139/ssrn.1",
    "pmid": "0|12|PMID:",
    "abstract": "Salt was eaten.|A CT scan|NCT01234567|UMIN000012345|RBR-6x1y2z|Müller|<i>|ﬃ|" + "x" * 700,
    "source": "one|two",
    "identity": "7|8",
    "authors": "Smith|van der Meer,|de|O'Brien|J.|JP|Müller|Käthe|,|Salt Study Group|anonymous|et al|Lee|"
    "Chen R.Wang Y.|von|Al|&|B|Ng,|D|la|St|Jan-Peter|N/A|李|İnan|A.-B.|=",
    "issns": "1234-567x|1234567X|0000-0001|?",
    "publication_types": "Journal Article|Meeting Abstract|Preprint|Published Erratum|Retraction Notice|conference|"
    "record|Corrected and republiſhed|Expression of Concern|of the",
}
GLUED = ("pages", "doi", "pmid")
LISTS = ("authors", "issns", "publication_types")


def record(chance: random.Random, number: int) -> dict[str, Any]:
    """A record of pieces that are plain, that are signs of something, and that break the pattern of what is plain."""

    def text(name: str) -> str | None:
        said = PIECES[name].split("|")
        most = 1 if name in ("source", "identity") else 4
        many = chance.choice((0, 1, 1, 2, 2, 3, 4)[: most + 2])
        return ("" if name in GLUED else " ").join(chance.choices(said, k=many)) if chance.random() < 0.9 else None

    made: dict[str, Any] = {name: text(name) for name in PIECES if name not in LISTS}
    for name in LISTS:
        made[name] = [text(name) for _ in range(chance.randrange(4))] if chance.random() < 0.9 else None
    others = {"title_original": text("title"), "journal_abbreviation": text("journal")}
    return made | others | {"record_id": 1000 - number, "year": chance.choice((None, 1990, 1991))}


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_short_ways_lead_where_the_long_ones_lead(con, seed) -> None:
    chance = random.Random(seed)
    table = pa.Table.from_pylist([record(chance, number) for number in range(600)], schema=dedup.RECORDS)
    short, long = dedup.normalise(con, table), dedup.normalise(con, table, at_length=True)
    for name in dedup.NORMALISED.names:
        found = zip(short.column(name).to_pylist(), long.column(name).to_pylist(), table.to_pylist(), strict=True)
        assert [row for row in found if row[0] != row[1]] == [], name
    assert short.column("record_id").to_pylist() == table.column("record_id").to_pylist()
