-- Rows as the version of 0008_standings.sql wrote them; never edited.

INSERT INTO standings (team, person, standing, read_at, wanted_at) VALUES
  ('T1', 'U0ADA', 'member', now(), 'epoch'),
  ('T1', 'U0GUS', 'guest', now() - interval '1 day', now()),
  ('T1', 'U0NEW', NULL, 'epoch', now());
