-- The two tables were empty: nothing wrote them.
DROP TABLE screening;
DROP TABLE published;

-- What review.toml says of which the counts depend, whenever it changed: a count as of an earlier position is made with
-- what held there. `sources`: JSON, one object a source: slug, label, kind, method.
CREATE TABLE counted_as (
    position BIGINT PRIMARY KEY,
    title VARCHAR NOT NULL,
    sources VARCHAR NOT NULL,
    preferred VARCHAR[] NOT NULL
);

-- A word on a report. `consensus`: it settles what was said before. A tool that only says that people differ gives the
-- word 'conflict'. At the stage 'before', 'automation' and 'other' are the two boxes of records removed before screening.
CREATE TABLE screening (
    screening_id BIGINT PRIMARY KEY,
    report_id BIGINT NOT NULL,
    stage VARCHAR NOT NULL CHECK (stage IN ('before', 'title', 'retrieval', 'fulltext', 'inclusion')),
    word VARCHAR NOT NULL CHECK (word IN ('include', 'exclude', 'maybe', 'conflict', 'automation', 'other')),
    reason VARCHAR,
    who VARCHAR NOT NULL,
    consensus BOOLEAN NOT NULL,
    note VARCHAR,
    return_id INTEGER,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- Words that were taken back.
CREATE TABLE screening_undone (
    screening_id BIGINT PRIMARY KEY,
    who VARCHAR NOT NULL,
    why VARCHAR,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- A file of a screening tool whose decisions were taken over; its bytes are among the received files.
-- references = matched + repeated + unmatched. `said` and `unchanged` count words, of which a report may have several;
-- `silent` counts matched reports of which the file says nothing.
CREATE TABLE returned_file (
    return_id INTEGER PRIMARY KEY,
    sha256 VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    tool VARCHAR,
    form VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    total_references BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    unmatched BIGINT NOT NULL,
    said BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    silent BIGINT NOT NULL,
    who VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- References of such a file that are no report of a batch, whole.
CREATE TABLE returned_unmatched (
    return_id INTEGER NOT NULL,
    reference BIGINT NOT NULL,
    why VARCHAR NOT NULL,
    decision VARCHAR,
    form VARCHAR NOT NULL,
    payload VARCHAR NOT NULL,
    PRIMARY KEY (return_id, reference)
);

-- Studies and their reports; a report belongs to the study that it joined last, and is a study of its own without one.
-- A study is called as it was named last.
CREATE TABLE study (
    study_id INTEGER NOT NULL,
    name VARCHAR,
    position BIGINT NOT NULL,
    PRIMARY KEY (study_id, position)
);

CREATE TABLE study_event (
    seq BIGINT PRIMARY KEY,
    report_id BIGINT NOT NULL,
    study_id INTEGER,
    who VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- Numbers that people typed; the last set of an update holds, one without numbers takes the others back.
CREATE TABLE typed_set (
    set_id INTEGER PRIMARY KEY,
    update_number INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- `label`: the database, register or reason that the number is of; empty for a box's whole.
CREATE TABLE typed_number (
    set_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    box VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (set_id, box, label)
);

-- Complete runs that count no more from a position on: the wrong file, the wrong search.
CREATE TABLE run_withdrawn (
    run_id INTEGER PRIMARY KEY,
    who VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- Closings that were taken back before their update was published, as `update_closing` had them.
CREATE TABLE update_reopened (
    update_number INTEGER NOT NULL,
    closed_at TIMESTAMP NOT NULL,
    counts VARCHAR NOT NULL,
    rule_set VARCHAR NOT NULL,
    closing_position BIGINT NOT NULL,
    who VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT PRIMARY KEY
);

-- Versions that wait, or waited, for a person's approval.
CREATE TABLE publication_proposed (
    update_number INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT PRIMARY KEY
);

-- `snapshot`: the whole flow as JSON; `row_hashes`: JSON, sha256 of the rows behind it by table. `included`: reports.
CREATE TABLE published (
    update_number INTEGER PRIMARY KEY,
    published_at TIMESTAMP NOT NULL,
    snapshot VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    row_hashes VARCHAR NOT NULL,
    included BIGINT[] NOT NULL,
    rule_set VARCHAR NOT NULL,
    approval_asked BOOLEAN NOT NULL,
    who VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

CREATE OR REPLACE MACRO counting_run_at(upto) AS TABLE
    SELECT update_number, source, arg_max(run_id, position) AS run_id
    FROM run
    WHERE state = 'complete' AND position <= upto
        AND run_id NOT IN (SELECT w.run_id FROM run_withdrawn w WHERE w.position <= upto)
    GROUP BY update_number, source;
