-- Rows as the version of 0010_remarks.sql wrote them; never edited.

INSERT INTO remarks (job_id, key, data, seen_at, turn, answer, ended_at, posted_at) VALUES
  (4, 'c12', '{"key":"c12","author":"carla","authorId":7,"text":"Rename this.","url":"https://github.test/acme/shop/pull/3#discussion_r12","thread":12,"path":"src/a.js","line":3,"hunk":"@@ -1 +1 @@"}',
   '2026-03-01T09:06:00.000Z', 2, '{"did":"addressed","say":"Renamed."}', '2026-03-01T09:10:00.000Z', NULL),
  (4, 'r13', '{"key":"r13","author":"carla","authorId":7,"text":"And test it.","url":"https://github.test/acme/shop/pull/3#pullrequestreview-13"}',
   '2026-03-01T09:06:00.000Z', NULL, NULL, NULL, NULL);
