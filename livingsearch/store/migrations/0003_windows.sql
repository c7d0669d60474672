-- Runs of scope 'window': they searched only records that the source took up since a day, `overlap_days` before the
-- date of `previous_run`. `run.query` is the search as it was run; `declared_query` is the source's without the window.
CREATE TABLE run_window (
    run_id INTEGER PRIMARY KEY,
    since DATE NOT NULL,
    overlap_days INTEGER NOT NULL,
    previous_run INTEGER NOT NULL,
    declared_query VARCHAR NOT NULL
);

-- Records that a run's source announced and did not hand out, by the names that they have in the source. They have
-- not vanished from it.
CREATE MACRO withheld_at(upto) AS TABLE
    SELECT x.run_id, 'acc:' || x.text AS identity
    FROM run_remnant x JOIN run r USING (run_id)
    WHERE x.kind = 'not delivered' AND r.position <= upto;
