-- What the machine had grouped when a report was released: records with one label are one report unless a person said
-- otherwise. Filled behind each closing from the rows up to it; never changed afterwards.
CREATE TABLE frozen_member (
    record_id BIGINT PRIMARY KEY,
    label BIGINT NOT NULL,
    position BIGINT NOT NULL
);

-- Words on one pair lie on each other: `undone` takes the topmost away, and the one below stands again.
CREATE MACRO decision_row_at(upto) AS TABLE
    SELECT x_id, y_id, last.decision_id, last.word, last.who, last.instant, last.why, last.position
    FROM (
        SELECT x_id, y_id, arg_max({
            'decision_id': decision_id, 'word': word, 'who': who, 'instant': instant, 'why': why, 'position': position
        }, decision_id) AS last
        FROM (
            SELECT *, first_value(depth) OVER (PARTITION BY x_id, y_id ORDER BY decision_id DESC) AS height
            FROM (
                SELECT *, sum(if(word = 'undone', -1, 1)) OVER (PARTITION BY x_id, y_id ORDER BY decision_id) AS depth
                FROM decision WHERE position <= upto
            )
        )
        WHERE word <> 'undone' AND depth = height AND height > 0
        GROUP BY x_id, y_id
    );

CREATE OR REPLACE MACRO decision_at(upto) AS TABLE
    SELECT x_id, y_id, word FROM decision_row_at(upto);
