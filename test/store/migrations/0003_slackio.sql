-- Rows as the version of 0003_slackio.sql wrote them; never edited.

INSERT INTO inbox (key, kind, body, received_at, handled_at, taken_at, takes, acked_at) VALUES
  ('form:V1:h:1', 'interaction', '{"type":"view_submission","user":{"id":"U0ADA"}}', '2026-04-01T09:00:00Z',
   '2026-04-01T09:00:21Z', '2026-04-01T09:00:20Z', 1, '2026-04-01T09:00:02Z');

INSERT INTO effects (key, at) VALUES ('click:1', '2026-04-01T09:00:00Z');

INSERT INTO answers (key, recipient, message, created_at, tries, not_before, ended_at, problem) VALUES
  ('command:1', '{"key":"command:1","channel":"C1","user":"U0ADA","responseUrl":"https://hooks.slack.test/1"}',
   '{"text":"Stopping J-2."}', '2026-04-01T09:00:00Z', 1, '2026-04-01T09:01:00Z', '2026-04-01T09:00:01Z', NULL);

INSERT INTO slack_rests (what, until) VALUES ('chat.postMessage C1', '2026-04-01T09:00:01Z');
