-- A request in a case belongs to it, and is shut with it: the view of what belongs to a case names it.
DELETE FROM stale_views WHERE step = 17;
INSERT INTO stale_views (step) VALUES (17);
