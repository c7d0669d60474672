-- Rows are appended and never rewritten, but for `run`, whose row changes until its state is final.
-- Instants are UTC. No secondary indexes: CREATE INDEX can go stale after a crash (duckdb#23848).

-- Every change of the review's state, in order; what freezes a state names a position here.
CREATE TABLE log (
    position BIGINT PRIMARY KEY,
    instant TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);

-- Every text of review.toml that a run was made under.
CREATE TABLE review_file (
    sha256 VARCHAR PRIMARY KEY,
    text VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

-- "update" is a word of SQL's own.
CREATE TABLE review_update (
    number INTEGER PRIMARY KEY,
    reason VARCHAR NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

-- Sources that an update was opened, or kept open, for.
CREATE TABLE update_due (
    update_number INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    due_at TIMESTAMP NOT NULL,
    PRIMARY KEY (update_number, source)
);

-- Identification as it was frozen when the update closed (JSON of the counts).
CREATE TABLE update_closing (
    update_number INTEGER PRIMARY KEY,
    closed_at TIMESTAMP NOT NULL,
    counts VARCHAR NOT NULL,
    rule_set VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

-- One search of one source, or one import of its export.
CREATE TABLE run (
    run_id INTEGER PRIMARY KEY,
    update_number INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    source_label VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('search', 'import')),
    scope VARCHAR NOT NULL CHECK (scope IN ('full', 'window')),
    state VARCHAR NOT NULL CHECK (state IN ('running', 'complete', 'failed')),
    query VARCHAR NOT NULL,
    query_translation VARCHAR,
    warnings VARCHAR[] NOT NULL,
    hits_reported BIGINT,
    records_received BIGINT,
    accepted_mismatch VARCHAR,
    date_searched DATE NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    error VARCHAR,
    review_sha256 VARCHAR NOT NULL,
    software VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    position BIGINT
);

-- A run may have many files or replies; `role` tells the search's reply from those that hold records.
CREATE TABLE run_file (
    run_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    role VARCHAR NOT NULL CHECK (role IN ('search', 'records')),
    sha256 VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    format VARCHAR,
    platform VARCHAR,
    encoding VARCHAR,
    records BIGINT,
    PRIMARY KEY (run_id, ordinal)
);

-- Text of a file that belongs to no record, and records that were announced but not delivered.
CREATE TABLE run_remnant (
    run_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('text', 'not delivered')),
    line BIGINT,
    text VARCHAR NOT NULL
);

-- What one source returned, by the name it has there; an occurrence above 1 is the same name again in one run.
CREATE TABLE record (
    record_id BIGINT PRIMARY KEY,
    source VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    occurrence INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    UNIQUE (source, identity, occurrence)
);

CREATE TABLE record_version (
    record_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    content_hash VARCHAR NOT NULL,
    form VARCHAR NOT NULL,
    payload VARCHAR NOT NULL,
    accession VARCHAR,
    database VARCHAR,
    title VARCHAR,
    title_original VARCHAR,
    authors VARCHAR[],
    year INTEGER,
    date VARCHAR,
    journal VARCHAR,
    journal_abbreviation VARCHAR,
    volume VARCHAR,
    issue VARCHAR,
    pages VARCHAR,
    doi VARCHAR,
    pmid VARCHAR,
    pmcid VARCHAR,
    issns VARCHAR[],
    abstract VARCHAR,
    keywords VARCHAR[],
    languages VARCHAR[],
    publication_types VARCHAR[],
    url VARCHAR,
    notices VARCHAR[],
    PRIMARY KEY (record_id, version)
);

-- Which run returned which record, in which version.
CREATE TABLE run_record (
    run_id INTEGER NOT NULL,
    position BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (run_id, position)
);

-- What the machine says of a pair (x_id < y_id); the row with the highest position holds.
-- `withdrawn`: a later comparison no longer says what an earlier row said.
CREATE TABLE verdict (
    x_id BIGINT NOT NULL,
    y_id BIGINT NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('duplicate', 'possible', 'distinct', 'withdrawn')),
    rule VARCHAR NOT NULL,
    score DOUBLE,
    evidence VARCHAR NOT NULL,
    rule_set VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

-- What a person says of a pair; outranks every verdict. `undone` takes the pair's last word back.
CREATE TABLE decision (
    decision_id INTEGER PRIMARY KEY,
    x_id BIGINT NOT NULL,
    y_id BIGINT NOT NULL,
    word VARCHAR NOT NULL CHECK (word IN ('duplicate', 'distinct', 'undone')),
    who VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    why VARCHAR,
    position BIGINT NOT NULL
);

CREATE TABLE report (
    report_id BIGINT PRIMARY KEY,
    position BIGINT NOT NULL
);

-- A record belongs to the report that it joined last.
CREATE TABLE report_event (
    seq BIGINT PRIMARY KEY,
    event VARCHAR NOT NULL CHECK (event IN ('joined', 'parted')),
    report_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE batch (
    update_number INTEGER PRIMARY KEY,
    released_at TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE batch_report (
    update_number INTEGER NOT NULL,
    report_id BIGINT PRIMARY KEY
);

-- Tables that can be made anew from the others at any time, and the version of the rules that made them.
CREATE TABLE derived (
    name VARCHAR PRIMARY KEY,
    made_by VARCHAR NOT NULL
);

-- Decisions of reviewers on a report, and frozen whole flows: filled from later stages of a review.
CREATE TABLE screening (
    report_id BIGINT NOT NULL,
    stage VARCHAR NOT NULL,
    word VARCHAR NOT NULL,
    reason VARCHAR,
    who VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE published (
    update_number INTEGER PRIMARY KEY,
    published_at TIMESTAMP NOT NULL,
    counts VARCHAR NOT NULL,
    hashes VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

-- The state as of a position in the log. The last complete run of a source in an update is the one that counts.
CREATE MACRO counting_run_at(upto) AS TABLE
    SELECT update_number, source, arg_max(run_id, position) AS run_id
    FROM run WHERE state = 'complete' AND position <= upto
    GROUP BY update_number, source;

CREATE MACRO counted_at(upto) AS TABLE
    SELECT c.update_number, c.source, r.record_id, r.version, c.run_id
    FROM counting_run_at(upto) c JOIN run_record r USING (run_id);

CREATE MACRO first_counted_at(upto) AS TABLE
    SELECT record_id, min(update_number) AS update_number FROM counted_at(upto) GROUP BY record_id;

CREATE MACRO member_at(upto) AS TABLE
    SELECT record_id, arg_max(report_id, seq) AS report_id, max(position) AS joined_at
    FROM report_event WHERE event = 'joined' AND position <= upto
    GROUP BY record_id;

CREATE MACRO verdict_at(upto) AS TABLE
    SELECT x_id, y_id, arg_max(outcome, position) AS outcome, arg_max(rule, position) AS rule,
        arg_max(score, position) AS score, arg_max(evidence, position) AS evidence
    FROM verdict WHERE position <= upto
    GROUP BY x_id, y_id HAVING arg_max(outcome, position) <> 'withdrawn';

CREATE MACRO decision_at(upto) AS TABLE
    SELECT x_id, y_id, arg_max(word, position) AS word
    FROM decision WHERE position <= upto
    GROUP BY x_id, y_id HAVING arg_max(word, position) <> 'undone';

-- A report came to screening by the first of its records to be counted: in the order of updates, then of the
-- review's preferred sources. Every other record that was counted for the first time is a duplicate of it.
CREATE MACRO placed_at(upto, preferred) AS TABLE
    SELECT record_id, update_number, report_id, row_number() OVER (
        PARTITION BY coalesce(report_id, -record_id)
        ORDER BY update_number, list_position(preferred, source) NULLS LAST, record_id
    ) = 1 AS brings_report
    FROM first_counted_at(upto) JOIN record USING (record_id) LEFT JOIN member_at(upto) USING (record_id);
