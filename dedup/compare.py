"""What the two records of a pair agree on, where they contradict, and where one of them says nothing.

Every field comes out as 1 (agree), -1 (contradict) or 0 (one side is silent, or nothing can be told): missing is
neither equal nor different.
"""

import pyarrow as pa

from dedup.alike import number_of
from dedup.beside import side_by_side
from dedup.scratch import Scratch
from dedup.vocabulary import ARTICLES, CONTINUED, DENIALS, DOI_VERSION, HEADINGS, NOTICE_WORDS, POLES, YEARLY
from dedup.wording import SCORES, WORDS

WRITTEN = ("year", "journal", "volume", "issue", "first_page", "last_page", "pages", "doi", "pmid")
"""What is written down of both records as they have it."""

# Words that only one title has, glued, so that a word cut in two is no other word.
_LEFT = """array_to_string(list_filter(string_split({0}_title, ' '),
                lambda w: NOT list_contains(string_split({1}_title, ' '), w)), '')"""

# Words that begin otherwise and end alike, as those for mothers and fathers do; one word more that denies.
_OPPOSED = """CASE WHEN left_x <> left_y THEN (
        (length(left_x) = 1 AND length(left_y) = 1)
        OR (length(left_x) >= 5 AND length(left_y) >= 5 AND left(left_x, 1) <> left(left_y, 1)
            AND right(left_x, 4) = right(left_y, 4) AND levenshtein(left_x, left_y) <= 4
            -- A first letter that was lost opposes nothing, but for the `a` that denies.
            AND NOT (length(left_x) = length(left_y) + 1 AND ends_with(left_x, left_y) AND left(left_x, 1) <> 'a')
            AND NOT (length(left_y) = length(left_x) + 1 AND ends_with(left_y, left_x) AND left(left_y, 1) <> 'a')
            AND regexp_replace(left_x, '^[ao]e', 'e') <> regexp_replace(left_y, '^[ao]e', 'e'))
        OR (regexp_matches(left_x, '^({poles})') AND regexp_matches(left_y, '^({poles})')
            AND regexp_replace(left_x, '^({poles})', '') = regexp_replace(left_y, '^({poles})', ''))
        OR (left_x = '' AND list_contains({denials}, left_y)) OR (left_y = '' AND list_contains({denials}, left_x)))
    -- The same words in another order: of one on two, of two on one.
    WHEN title BETWEEN 80 AND 99 AND left_x = '' AND tx <> ty
    THEN list_sort(string_split(x_title, ' ')) = list_sort(string_split(y_title, ' ')) ELSE false END
""".replace("{poles}", "|".join(POLES)).replace("{denials}", str(list(DENIALS)))

# One title is the end of the other, and what stands before it is no article and no heading of a section.
_HEADED = """CASE WHEN shorter >= 15 AND longer - shorter >= 2 THEN (
        (ends_with(tx, ty) AND NOT list_contains({articles}, left(tx, longer - shorter)))
        OR (ends_with(ty, tx) AND NOT list_contains({articles}, left(ty, longer - shorter)))) ELSE false END
""".replace("{articles}", str([*ARTICLES, *HEADINGS]))

# One title is the beginning of the other, which goes on to say that it is a pilot study, a protocol and the like.
_CONTINUED = """CASE WHEN begins AND shorter >= 15 AND shorter < longer
        THEN regexp_matches(substr(CASE WHEN length(tx) > length(ty) THEN tx ELSE ty END, shorter + 1), '{words}')
        ELSE false END""".replace("{words}", "|".join(CONTINUED))

# Two texts on one subject are alike to some 50 of 100 by their letters alone: below that they are two texts.
_EVIDENCE = (
    r"""
WITH flat AS (
    SELECT *, coalesce(x_letters, '') AS tx, coalesce(y_letters, '') AS ty,
        {first_x} AS fx,
        {first_y} AS fy,
        coalesce(abstract_score, CASE WHEN abstract_same THEN 100 ELSE -1 END) AS abstract_ratio,
        CASE WHEN NOT same_families
             THEN len(list_intersect(x_families, y_names)) / nullif(len(x_families), 0) END AS inside_y,
        CASE WHEN NOT same_families
             THEN len(list_intersect(y_families, x_names)) / nullif(len(y_families), 0) END AS inside_x,
        CASE WHEN journal_state = 1 THEN 1
             WHEN len(x_issns) > 0 AND len(y_issns) > 0
             THEN CASE WHEN list_has_any(x_issns, y_issns) THEN 1 ELSE journal_state END
             ELSE journal_state END AS journal,
        x_serial OR y_serial AS serial, x_shared AS shared, x_counter OR y_counter AS counter
    FROM dedup_flat
), told AS (
    SELECT *, length(tx) > 0 AND length(ty) > 0 AND (starts_with(tx, ty) OR starts_with(ty, tx)) AS begins,
        least(length(tx), length(ty)) AS shorter, greatest(length(tx), length(ty)) AS longer,
        x_page_kind IS NOT NULL AND y_page_kind IS NOT NULL AS paged,
        x_page_kind <> y_page_kind AS kinds_differ,
        x_page_kind = 'article' OR y_page_kind = 'article' AS numbered,
        x_first_author IS NOT NULL AND y_first_author IS NOT NULL
            AND starts_with(x_first_author, '=') = starts_with(y_first_author, '=') AS authored,
        try_cast(fx AS INT) AS px, try_cast(fy AS INT) AS py,
        try_cast({last_x} AS INT) AS qx,
        try_cast({last_y} AS INT) AS qy,
        coalesce((x_volume IS NULL AND x_issue = y_volume AND x_first_page = y_issue)
            OR (y_volume IS NULL AND y_issue = x_volume AND y_first_page = x_issue), false) AS shifted,
        CASE WHEN x_kind = y_kind THEN '' WHEN 'registration' IN (x_kind, y_kind) THEN 'registration'
             WHEN 'preprint' IN (x_kind, y_kind) THEN 'preprint'
             WHEN 'abstract' IN (x_kind, y_kind) THEN 'abstract'
             WHEN 'thesis' IN (x_kind, y_kind) THEN 'thesis' ELSE '' END AS only_one,
        CASE WHEN title BETWEEN 60 AND 99 THEN {left_x} ELSE '' END AS left_x,
        CASE WHEN title BETWEEN 60 AND 99 THEN {left_y} ELSE '' END AS left_y,
        CASE WHEN x_first_author = y_first_author THEN true
             ELSE list_has_any(x_first_names, string_split(y_first_author, ' '))
            OR list_has_any(y_first_names, string_split(x_first_author, ' '))
            OR jaro_winkler_similarity(x_first_author, y_first_author) >= 0.92 END AS first_same
    FROM flat
), states AS (
    SELECT *,
        CASE WHEN x_doi IS NULL OR y_doi IS NULL THEN 0 WHEN x_doi <> y_doi THEN -1
             WHEN shared THEN 0 ELSE 1 END AS doi,
        CASE WHEN x_pmid IS NULL OR y_pmid IS NULL THEN 0 WHEN x_pmid = y_pmid THEN 1 ELSE -1 END AS pmid,
        CASE WHEN x_volume IS NULL OR y_volume IS NULL THEN 0 WHEN x_volume = y_volume THEN 1
             WHEN x_volume = x_year::VARCHAR OR y_volume = y_year::VARCHAR THEN 0 ELSE -1 END AS volume,
        CASE WHEN x_issue IS NULL OR y_issue IS NULL OR counter OR shifted THEN 0
             WHEN x_issue = y_issue THEN 1 ELSE -1 END AS issue,
        CASE WHEN NOT paged OR shifted THEN 0 WHEN x_first_page = y_first_page THEN 1
             WHEN fx = fy AND (x_first_page = fx OR y_first_page = fy)
                  AND 'supplement' NOT IN (x_page_kind, y_page_kind) THEN 1
             WHEN kinds_differ AND (numbered OR fx = fy) THEN 0
             -- One page out of the other's range.
             WHEN x_last_page IS NULL AND px BETWEEN py AND qy THEN 0
             WHEN y_last_page IS NULL AND py BETWEEN px AND qx THEN 0
             -- The first of many pages is miscounted by one now and then; two reports would not end together.
             WHEN abs(px - py) = 1 AND qx = qy AND qx - greatest(px, py) >= 3 THEN 0 ELSE -1 END AS first_page,
        CASE WHEN x_last_page IS NULL OR y_last_page IS NULL OR kinds_differ THEN 0
             WHEN x_last_page = y_last_page OR (fx = fy AND qx = qy) THEN 1
             WHEN fx = fy AND abs(qx - qy) <= 2 AND least(qx - px, qy - py) >= 3 THEN 0 ELSE -1 END AS last_page,
        coalesce(abs(x_year - y_year), -1)::INT AS year_gap,
        CASE WHEN NOT authored THEN 0
             WHEN coalesce(first_same, false) OR greatest(inside_x, inside_y) >= 0.5 OR author_words >= 70 THEN 1
             WHEN greatest(coalesce(inside_x, 0), coalesce(inside_y, 0)) < 0.3 THEN -1 ELSE 0 END AS authors,
        CASE WHEN NOT abstract_long OR abstract_ratio < 0 THEN 0
             WHEN abstract_ratio >= 80 OR abstract_begins THEN 1
             WHEN abstract_ratio < 55 THEN -1 ELSE 0 END AS abstract
    FROM told
), found AS (
SELECT x_id, y_id, title, title_words, begins, shorter::INT AS shorter, longer::INT AS longer,
    CASE WHEN left_x <> '' AND left_y <> ''
         THEN levenshtein(left_x, left_y) * 10 >= 3 * greatest(length(left_x), length(left_y))
              AND (levenshtein(left_x, left_y) >= 3
                   OR (levenshtein(left_x, left_y) = 2 AND least(length(left_x), length(left_y)) >= 3))
         ELSE false END AS words_differ,
    {opposed} AS opposed, {headed} AS headed, {continued} AS continued,
    CASE WHEN year_gap <> 0 AND title >= 88 THEN coalesce(regexp_matches(x_title, '{yearly}'), false) ELSE false END
        AS yearly,
    journals_kin AND journal = 0 AS journals_kin,
    coalesce('abstract' IN (x_kind, y_kind) OR 'supplement' IN (x_page_kind, y_page_kind), false) AS of_congress,
    title >= 94 OR (title >= 88 AND title_words >= 97) OR (begins AND shorter >= 25) AS title_same,
    x_generic OR y_generic OR serial AS generic, serial AND NOT (x_generic OR y_generic) AS serial,
    coalesce(least(qx - px, qy - py) >= 2 AND 'supplement' NOT IN (x_page_kind, y_page_kind), false) AS several_pages,
 doi, pmid, journal::INT AS journal, volume, issue, first_page,
    last_page, year_gap, authors, coalesce(authored AND first_same, false) AS first_author, abstract,
    coalesce(authored AND least(len(x_families), len(y_families)) >= 3 AND greatest(inside_x, inside_y) < 0.75
        AND author_words < 85, false) AS lists_differ,
    coalesce(paged AND kinds_differ AND NOT numbered AND fx <> fy, false) AS supplement,
    coalesce(px <= 30 OR py <= 30, false) AS front_page, (x_issue IS NULL) <> (y_issue IS NULL) AS issue_alone,
    CASE WHEN abs(px - py) <= 10 THEN true
         WHEN length(fx) = length(fy) AND length(fx) >= 2 THEN levenshtein(fx, fy) = 1 ELSE false END AS near_page,
    coalesce(x_identity = y_identity, false) AS same_identity, coalesce(x_content = y_content, false) AS same_content,
    CASE WHEN x_mark <> y_mark THEN true
         WHEN left_x = '' AND left_y = '' THEN false
         ELSE (left_x = '' AND list_contains({notices}, left_y)) OR (left_y = '' AND list_contains({notices}, left_x))
         END AS marks_differ,
    '' IN (x_mark, y_mark) AS noticed,
    coalesce(x_registry <> y_registry, false) AS registry_differs,
    coalesce(x_registry = y_registry, false) AS same_registry, only_one,
    CASE only_one WHEN '' THEN false
         WHEN x_kind THEN y_journal IS NOT NULL AND coalesce(y_volume, y_first_page, y_pmid) IS NOT NULL
         ELSE x_journal IS NOT NULL AND coalesce(x_volume, x_first_page, x_pmid) IS NOT NULL END AS other_placed,
    CASE WHEN len(x_trials) > 0 AND len(y_trials) > 0 THEN list_has_any(x_trials, y_trials) ELSE false END
        AS trial_shared,
    x_kind = 'review' AND y_kind = 'review' AS reviews,
    coalesce(rtrim(x_part, '~') <> rtrim(y_part, '~'), false) AS parts_differ,
    coalesce((x_part IS NULL AND NOT contains(y_part, '~')) OR (y_part IS NULL AND NOT contains(x_part, '~')), false)
        AS part_alone,
    -- A number that one writes with a space or comma is the same.
    CASE WHEN x_numbers <> y_numbers AND NOT (left_x = left_y AND left_x <> '')
         THEN len(list_filter(x_numbers, lambda n: NOT list_contains(y_numbers, n))) > 0
              AND len(list_filter(y_numbers, lambda n: NOT list_contains(x_numbers, n))) > 0
         ELSE false END AS numbers_differ,
    x_numbers <> y_numbers AND (NOT begins OR longer - shorter <= 4) AS numbers_alone,
    CASE WHEN doi = -1 THEN regexp_replace(x_doi, '{version}', '\1') = regexp_replace(y_doi, '{version}', '\1')
         ELSE false END AS doi_version,
    x_doi = y_doi AND shared AS doi_shared,
    len(x_names) > 0 AND len(y_names) > 0 AS named, abstract_same OR two_texts AS abstracted, {written}
FROM states
)
SELECT * EXCLUDE (named, abstracted, {written}), {words} AS words, {scores} AS scores FROM found
""".replace("{opposed}", _OPPOSED)
    .replace("{headed}", _HEADED)
    .replace("{continued}", _CONTINUED)
    .replace("{yearly}", YEARLY)
    .replace("{version}", DOI_VERSION)
    .replace("{written}", ", ".join(f"{end}_{name}" for end in "xy" for name in WRITTEN))
    .replace("{words}", WORDS)
    .replace("{scores}", SCORES)
    .replace("{first_x}", number_of("coalesce(x_first_page, '')"))
    .replace("{first_y}", number_of("coalesce(y_first_page, '')"))
    .replace("{last_x}", number_of("x_last_page"))
    .replace("{last_y}", number_of("y_last_page"))
    .replace("{notices}", str(list(NOTICE_WORDS)))
    .replace("{left_x}", _LEFT.format("x", "y"))
    .replace("{left_y}", _LEFT.format("y", "x"))
)


def compare(space: Scratch, pairs: pa.Table, records: pa.Table, texts: pa.Table) -> str:
    """A query that gives the evidence on pairs; it reads what is lent here as `flat`.

    Args:
        space: where.
        pairs: what `alike` keeps.
        records: theirs, with the columns of `beside.COMPARED_BY`.
        texts: `record_id`, `abstract` of those whose abstracts are compared.
    """
    space.lend("flat", side_by_side(space, pairs, records, texts))
    return _EVIDENCE
