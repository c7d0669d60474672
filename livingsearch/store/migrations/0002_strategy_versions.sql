-- Every strategy that a review was searched with: the strategy's part of review.toml as JSON (which lists what is
-- part of it), when it was first used, by whose hand and why. `reason` is NULL where nobody gave one.
-- `translated`: slugs of the sources whose query was the documented search's translation and not written down.
CREATE TABLE strategy_version (
    number INTEGER PRIMARY KEY,
    author VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    reason VARCHAR,
    content VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    translated VARCHAR[] NOT NULL,
    review_sha256 VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

-- A reason that was given after its version had been recorded without one.
CREATE TABLE strategy_reason (
    number INTEGER PRIMARY KEY,
    author VARCHAR NOT NULL,
    instant TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL,
    position BIGINT NOT NULL
);

-- The version under which a run was made. It belongs to the run, not to review_file: a file that is brought back
-- to an earlier text is a later version with the same text.
CREATE TABLE run_strategy (
    run_id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
);

CREATE MACRO strategy_reason_at(upto) AS TABLE
    SELECT v.number, coalesce(r.author, v.author) AS author, coalesce(v.reason, r.reason) AS reason
    FROM strategy_version v LEFT JOIN (SELECT * FROM strategy_reason WHERE position <= upto) r USING (number);
