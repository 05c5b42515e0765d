-- When somebody is reminded next of what ends: of a person's entry, of an accreditation.
ALTER TABLE register ADD COLUMN next_reminder BIGINT;
CREATE INDEX register_reminder ON register (next_reminder) WHERE next_reminder IS NOT NULL;
ALTER TABLE accreditations ADD COLUMN next_reminder BIGINT;
CREATE INDEX accreditations_reminder ON accreditations (next_reminder) WHERE next_reminder IS NOT NULL;
DELETE FROM stale_views WHERE step = 18;
INSERT INTO stale_views (step) VALUES (18);
