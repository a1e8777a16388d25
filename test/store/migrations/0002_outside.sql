-- Rows as the version of 0002_outside.sql wrote them; test/store/migrations.test.ts reads them with today's code.
-- Never edited: a later version has to read what an earlier one stored.

INSERT INTO watches (job_id, looked_at, spread, hints, heard, seen) VALUES
  (4, '2026-03-01T09:06:00.000Z', 0.5, 2, 1,
   '{"pull":{"of":"acme/shop#3","etag":"W/\"abc\"","value":{"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","url":"https://github.test/acme/shop/pull/3","state":"open","headRef":"errand/J-4","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","baseRef":"main"}},"issue":{"of":"acme/shop#12","etag":"W/\"def\"","value":{"state":"closed","closedBy":"carla"}}}'),
  (6, '2026-03-01T09:06:00.000Z', 0.25, 0, 0, '{"pull":{"of":"acme/shop#3","value":"gone"}}');

INSERT INTO webhook_deliveries (id, event, hint, received_at) VALUES
  ('72d3162e-cc78-11e3-81ab-4c9367dc0958', 'pull_request',
   '{"kind":"pull","repo":{"owner":"acme","name":"shop"},"number":3}', '2026-03-01T09:06:30.000Z'),
  ('72d3162e-cc78-11e3-81ab-4c9367dc0959', 'ping', NULL, '2026-03-01T09:06:31.000Z');
