-- Rows as the version of 0009_deployment_events.sql wrote them; never edited.

INSERT INTO deployment_events (team, data) VALUES
  ('T1', '{"name":"linked","by":"U0BOSS","person":"U0ADA","account":{"login":"ada","id":101}}'),
  ('T1', '{"name":"unlinked","by":"U0BOSS","person":"U0ADA"}');
