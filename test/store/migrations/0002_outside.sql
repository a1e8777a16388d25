-- Rows as the version of 0002_outside.sql wrote them. Never edited.

INSERT INTO watches (job_id, looked_at, not_before, failures, spread, hints, heard, seen) VALUES
  (4, now(), now() + interval '30 seconds', 0, 0.5, 2, 1, NULL),
  (9, NULL, 'epoch', 3, 0.25, 0, 0, NULL);

INSERT INTO webhook_deliveries (id, event, hint) VALUES
  ('72d3162e-cc78-11e3-81ab-4c9367dc0958', 'pull_request', NULL),
  ('72d3162e-cc78-11e3-81ab-4c9367dc0959', 'ping', NULL);
