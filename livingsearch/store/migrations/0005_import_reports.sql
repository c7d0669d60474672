-- Imports of which it was said that the platform shows no number of results.
CREATE TABLE run_hits_not_shown (run_id INTEGER PRIMARY KEY);

-- What was told of a file when it was imported and stands in no other row: record starts counted apart from the
-- reader, lines of text that belong to no record, sentences for a librarian.
CREATE TABLE run_file_told (
    run_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    record_starts BIGINT NOT NULL,
    outside BIGINT NOT NULL,
    warnings VARCHAR[] NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);
