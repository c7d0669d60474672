-- Verdicts of their own for pairs that are related and not duplicates. `relation` says how, and is NULL for all others.
-- `scores`: JSON of the fields that both records fill (1 agree, 0 nothing to tell, -1 contradict; titles as ratios);
-- NULL where a comparison before this migration said so.
ALTER TABLE verdict RENAME TO verdict_before;

CREATE TABLE verdict (
    x_id BIGINT NOT NULL,
    y_id BIGINT NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('duplicate', 'possible', 'related', 'distinct', 'withdrawn')),
    rule VARCHAR NOT NULL,
    score DOUBLE,
    evidence VARCHAR NOT NULL,
    scores VARCHAR,
    relation VARCHAR CHECK (relation IN ('abstract', 'preprint', 'notice', 'part', 'version', 'registration')),
    rule_set VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    CHECK (relation IS NULL OR outcome = 'related')
);

INSERT INTO verdict BY NAME SELECT * FROM verdict_before ORDER BY position;

DROP TABLE verdict_before;

-- arg_max passes over NULL: whole rows are compared.
CREATE OR REPLACE MACRO verdict_at(upto) AS TABLE
    SELECT x_id, y_id, last.outcome, last.rule, last.score, last.evidence, last.scores, last.relation
    FROM (
        SELECT x_id, y_id, arg_max({
            'outcome': outcome, 'rule': rule, 'score': score, 'evidence': evidence, 'scores': scores,
            'relation': relation
        }, position) AS last
        FROM verdict WHERE position <= upto GROUP BY x_id, y_id
    ) WHERE last.outcome <> 'withdrawn';
