-- What was declared of an import beside what `run` holds. `strategy_from`: 'declared' by a person, or the search
-- history that the 'file' holds. `drop_key` names the manifest in the inbox that asked for the import.
CREATE TABLE run_manifest (
    run_id INTEGER PRIMARY KEY,
    exported_by VARCHAR,
    platform VARCHAR,
    strategy VARCHAR,
    strategy_from VARCHAR CHECK (strategy_from IN ('declared', 'file')),
    columns VARCHAR,
    drop_key VARCHAR
);

-- Files of a run that came in an archive: `run_file` has the archive's sha256 and size, here are the part's own.
CREATE TABLE run_file_part (
    run_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    archive VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);
