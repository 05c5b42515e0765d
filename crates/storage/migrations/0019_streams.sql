-- Which streams are about a thing: all entries about it are found without reading the journal through.
CREATE TABLE streams (
    subject TEXT NOT NULL,
    stream TEXT NOT NULL,
    PRIMARY KEY (subject, stream)
);
DELETE FROM stale_views WHERE step = 19;
INSERT INTO stale_views (step) VALUES (19);
