-- Rows as the version of 0011_pages.sql wrote them; never edited.

INSERT INTO web_sessions (token_hash, team, person, created_at, expires_at) VALUES
  ('2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae', 'T1', 'U0ADA',
   '2026-03-01T09:00:00.000Z', '2099-03-08T09:00:00.000Z');

INSERT INTO turn_patches (job_id, turn, base_sha, head_sha, whole, whole_cut, step, step_cut, stored_at) VALUES
  (4, 1, 'cccccccccccccccccccccccccccccccccccccccc', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
   E'diff --git a/a.js b/a.js\n--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n-1\n+2\n', false, NULL, false, '2026-03-01T09:05:00.000Z');
