-- Rows as the version of 0001_jobs.sql wrote them; test/store/migrations.test.ts reads them with today's code.
-- Never edited: a later version has to read what an earlier one stored.

INSERT INTO jobs (id, revision, attempt, status, team, channel, thread_ts, requester, repo, source_key, data, progress) VALUES
  (1, 1, 0, 'queued', 'T1', 'C1', NULL, 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000101',
   '{"status":"queued","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-1","results":[],"createdAt":"2026-03-01T09:00:00.000Z"}',
   '{}'),
  (2, 1, 1, 'running', 'T1', 'C1', '1700000000.000102', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000102',
   '{"status":"running","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-2","results":[],"createdAt":"2026-03-01T09:00:00.000Z","phase":"implement","workId":"w1","turnStartedAt":"2026-03-01T09:00:01.000Z"}',
   '{"plan":[{"text":"Read the cart","status":"completed"}],"activity":"Edit src/cart.js","activityAt":"2026-03-01T09:02:00.000Z","usage":{"totalTokens":1200}}'),
  (3, 1, 0, 'waiting', 'T1', 'C1', '1700000000.000103', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000103',
   '{"status":"waiting","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-3","results":[],"createdAt":"2026-03-01T09:00:00.000Z"}',
   '{}'),
  (4, 1, 0, 'in_review', 'T1', 'C1', '1700000000.000104', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000104',
   '{"status":"in_review","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-4","results":[{"turn":1,"outcome":"pull","endedAt":"2026-03-01T09:05:00.000Z","durationMs":65000,"headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","summary":{"title":"Round prices once","changed":"Prices were rounded in the cart and again at checkout; now only at checkout.","checked":"`npm test`: 14 passed.","risks":"None seen"},"size":{"fileCount":2,"added":12,"deleted":4,"files":[{"path":"src/cart.js","added":2,"deleted":4},{"path":"test/cart.test.js","added":10,"deleted":0}]},"usage":{"contextUsed":40000,"contextSize":200000,"totalTokens":51234}}],"createdAt":"2026-03-01T09:00:00.000Z","pull":{"number":3,"url":"https://github.test/acme/shop/pull/3","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}',
   '{}'),
  (5, 1, 0, 'merging', 'T1', 'C1', '1700000000.000105', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000105',
   '{"status":"merging","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-5","results":[{"turn":1,"outcome":"pull","endedAt":"2026-03-01T09:05:00.000Z","durationMs":65000,"headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","summary":{"title":"Round prices once","changed":"Prices were rounded in the cart and again at checkout; now only at checkout.","checked":"`npm test`: 14 passed.","risks":"None seen"},"size":{"fileCount":2,"added":12,"deleted":4,"files":[{"path":"src/cart.js","added":2,"deleted":4},{"path":"test/cart.test.js","added":10,"deleted":0}]},"usage":{"contextUsed":40000,"contextSize":200000,"totalTokens":51234}}],"createdAt":"2026-03-01T09:00:00.000Z","pull":{"number":3,"url":"https://github.test/acme/shop/pull/3","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"decision":{"kind":"approve","by":"U0ADA","at":"2026-03-01T09:06:00.000Z","sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}',
   '{}'),
  (6, 1, 0, 'closing', 'T1', 'C1', '1700000000.000106', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000106',
   '{"status":"closing","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-6","results":[{"turn":1,"outcome":"pull","endedAt":"2026-03-01T09:05:00.000Z","durationMs":65000,"headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","summary":{"title":"Round prices once","changed":"Prices were rounded in the cart and again at checkout; now only at checkout.","checked":"`npm test`: 14 passed.","risks":"None seen"},"size":{"fileCount":2,"added":12,"deleted":4,"files":[{"path":"src/cart.js","added":2,"deleted":4},{"path":"test/cart.test.js","added":10,"deleted":0}]},"usage":{"contextUsed":40000,"contextSize":200000,"totalTokens":51234}}],"createdAt":"2026-03-01T09:00:00.000Z","pull":{"number":3,"url":"https://github.test/acme/shop/pull/3","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"decision":{"kind":"reject","by":"U0ADA","at":"2026-03-01T09:06:00.000Z","reason":"Too big"}}',
   '{}'),
  (7, 1, 0, 'failed', 'T1', 'C1', '1700000000.000107', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000107',
   '{"status":"failed","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-7","results":[{"turn":1,"outcome":"failed","endedAt":"2026-03-01T09:05:00.000Z","failure":{"code":"agent_silent","reason":"The agent said nothing for 10 minutes. Press Retry."},"usage":{}}],"createdAt":"2026-03-01T09:00:00.000Z"}',
   '{}'),
  (8, 1, 0, 'done', 'T1', 'C1', '1700000000.000108', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000108',
   '{"status":"done","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-8","results":[{"turn":1,"outcome":"answer","endedAt":"2026-03-01T09:05:00.000Z","answer":"Prices are rounded once already.","usage":{}}],"createdAt":"2026-03-01T09:00:00.000Z"}',
   '{}'),
  (9, 1, 0, 'merged', 'T1', 'C1', '1700000000.000109', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.000109',
   '{"status":"merged","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-9","results":[{"turn":1,"outcome":"pull","endedAt":"2026-03-01T09:05:00.000Z","durationMs":65000,"headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","summary":{"title":"Round prices once","changed":"Prices were rounded in the cart and again at checkout; now only at checkout.","checked":"`npm test`: 14 passed.","risks":"None seen"},"size":{"fileCount":2,"added":12,"deleted":4,"files":[{"path":"src/cart.js","added":2,"deleted":4},{"path":"test/cart.test.js","added":10,"deleted":0}]},"usage":{"contextUsed":40000,"contextSize":200000,"totalTokens":51234}}],"createdAt":"2026-03-01T09:00:00.000Z","pull":{"number":3,"url":"https://github.test/acme/shop/pull/3","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"decision":{"kind":"approve","by":"U0ADA","at":"2026-03-01T09:06:00.000Z","sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"endedAt":"2026-03-01T09:07:00.000Z"}',
   '{}'),
  (10, 1, 0, 'rejected', 'T1', 'C1', '1700000000.0001010', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.0001010',
   '{"status":"rejected","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-10","results":[{"turn":1,"outcome":"pull","endedAt":"2026-03-01T09:05:00.000Z","durationMs":65000,"headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","summary":{"title":"Round prices once","changed":"Prices were rounded in the cart and again at checkout; now only at checkout.","checked":"`npm test`: 14 passed.","risks":"None seen"},"size":{"fileCount":2,"added":12,"deleted":4,"files":[{"path":"src/cart.js","added":2,"deleted":4},{"path":"test/cart.test.js","added":10,"deleted":0}]},"usage":{"contextUsed":40000,"contextSize":200000,"totalTokens":51234}}],"createdAt":"2026-03-01T09:00:00.000Z","pull":{"number":3,"url":"https://github.test/acme/shop/pull/3","headSha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},"decision":{"kind":"reject","by":"U0ADA","at":"2026-03-01T09:06:00.000Z","reason":"Too big"},"endedAt":"2026-03-01T09:07:00.000Z"}',
   '{}'),
  (11, 1, 0, 'cancelled', 'T1', 'C1', '1700000000.0001011', 'U0ADA', 'acme/shop', 'msg:T1:C1:1700000000.0001011',
   '{"status":"cancelled","kind":"fix","task":"","issue":{"number":12,"title":"Prices are rounded twice","url":"https://github.test/acme/shop/issues/12"},"repo":{"owner":"acme","name":"shop"},"repoUrl":"https://github.test/acme/shop","base":"main","team":"T1","channel":"C1","requester":"U0ADA","requesterName":"Ada","participants":[],"context":[],"turn":1,"branch":"errand/J-11","results":[{"turn":1,"outcome":"stopped","endedAt":"2026-03-01T09:05:00.000Z","stoppedBy":"U0BOB","usage":{}}],"createdAt":"2026-03-01T09:00:00.000Z","endedAt":"2026-03-01T09:05:00.000Z"}',
   '{}');
SELECT setval(pg_get_serial_sequence('jobs', 'id'), 100);

INSERT INTO message_sets (job_id) SELECT id FROM jobs;

INSERT INTO messages (job_id, slot, channel, ts, wanted, shown_hash, shown_at) VALUES
  (4, 'card', 'C1', '1700000000.000104', NULL, 'abc', now()),
  (4, 'result:1', 'C1', '1700000001.000104', NULL, 'def', now()),
  (9, 'notice:final:U0BOB', 'C1', NULL, '{"text":"J-9 is already merged, and that is final."}', NULL, NULL);

INSERT INTO inbox (key, kind, body, received_at, handled_at, error) VALUES
  ('msg:T1:C1:1700000000.000101', 'event', '{"event_id":"Ev1","event":{"type":"app_mention","channel":"C1","user":"U0ADA","text":"<@U0BOT> fix #12","ts":"1700000000.000101"}}', now(), now(), NULL),
  ('command:1.2.3:0123456789abcdef', 'command', '{"command":"/agent","text":"fix #12","channel_id":"C1","user_id":"U0ADA","trigger_id":"1.2.3"}', now() - interval '1 minute', NULL, NULL),
  ('click:1:approve:2:U0ADA:3', 'interaction', '{"type":"block_actions"}', now(), now(), 'a1b2c3d4: GitHub did not answer.');

INSERT INTO replies (job_id, key, author, author_name, text, channel, ts, delivered_at, shown) VALUES
  (2, 'msg:T1:C1:1700000002.000100', 'U0BOB', 'Bob', 'Also the checkout.', 'C1', '1700000002.000100', NULL, 'eyes'),
  (2, 'view:V1:hash', 'U0ADA', NULL, 'Words from a form.', NULL, NULL, now(), NULL);

INSERT INTO events (job_id, attempt, turn, kind, data) VALUES
  (4, 0, 1, 'status', '{"to":"queued","event":"created","by":"U0ADA"}'),
  (4, 1, 1, 'status', '{"from":"queued","to":"running","event":"taken","workId":"w1"}'),
  (4, 1, 1, 'prompt', '{"text":"Fix issue #12.","steering":false}'),
  (4, 1, 1, 'agent', '{"kind":"message","text":"Reading."}'),
  (4, 1, 1, 'agent', '{"kind":"tool","id":"t1","title":"Edit src/cart.js","toolKind":"edit","status":"completed","paths":["src/cart.js"]}'),
  (4, 1, 1, 'agent', '{"kind":"egress_denied","host":"example.com"}'),
  (4, 1, 1, 'agent', '{"kind":"permission","title":"Run npm test","allowed":true,"reason":"inside the tree"}'),
  (4, 1, 1, 'note', '{"name":"events_dropped","count":3}');

INSERT INTO channels (team, channel, default_repo, reply_policy) VALUES ('T1', 'C1', 'acme/shop', 'mention');

INSERT INTO choices (id, team, channel, person, wish, expires_at) VALUES
  ('00000000-0000-4000-8000-000000000001', 'T1', 'C1', 'U0ADA', '{"kind":"do","task":"mend it"}', now() + interval '1 hour');
