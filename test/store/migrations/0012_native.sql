-- Rows as the version of 0012_native.sql wrote them; never edited.

INSERT INTO slack_homes (team, person, opened_at, wanted_at, looked_at, looked_change, shown_hash, notice, noticed_at) VALUES
  ('T1', 'U0ADA', '2026-03-01T09:00:00.000Z', '2026-03-01T09:00:00.000Z', '2026-03-01T09:00:01.000Z', 12, 'a1b2', '{"text":"Only <@U0BOB> can decide on J-4."}', '2026-03-01T09:00:00.000Z');
INSERT INTO slack_sessions (job_id, status, stream_turn, stream_ts, stream_started_at, streamed, stream_over) VALUES
  (2, 'processing', 1, '1772355600.000200', '2026-03-01T09:00:00.000Z', '{"phase:implement":"in_progress"}', NULL);
