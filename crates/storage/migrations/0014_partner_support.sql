-- A request in a case follows it, as a find does: whether the vendor was told, and what came of it. When it
-- was answered, and whether it was useful, says how a partner works.
ALTER TABLE partner_requests ADD COLUMN case_id TEXT;
ALTER TABLE partner_requests ADD COLUMN answered BIGINT;
ALTER TABLE partner_requests ADD COLUMN useful BIGINT;
ALTER TABLE partner_requests ADD COLUMN told BIGINT;
ALTER TABLE partner_requests ADD COLUMN outcome TEXT;
ALTER TABLE partner_requests ADD COLUMN outcome_at BIGINT;
CREATE INDEX partner_requests_case ON partner_requests (case_id) WHERE case_id IS NOT NULL;
INSERT INTO stale_views (step) VALUES (14);
