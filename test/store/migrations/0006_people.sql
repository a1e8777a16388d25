-- Rows as the version of 0006_people.sql wrote them; never edited.

INSERT INTO people (team, person, login, github_id, linked_by) VALUES ('T1', 'U0ADA', 'ada', 101, 'U0BOSS');

INSERT INTO user_groups (team, id, members, problem, read_at) VALUES
  ('T1', 'S0OPS', '{U0ADA,U0BOB}', NULL, now()),
  ('T1', 'S0GONE', '{}', 'no_such_subteam', now());

INSERT INTO repository_files (repo, branch, sha, content) VALUES
  ('acme/shop', 'main', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'permissions: {}'),
  ('acme/shop', 'next', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', NULL);

INSERT INTO deployment_rules (team, rules) VALUES ('T1', '{}');

INSERT INTO replies (job_id, key, author, text, channel, ts, refused_at) VALUES
  (3, 'msg:T1:C1:1700000003.000100', 'U0EVE', 'Words of somebody who may not steer.', 'C1', '1700000003.000100', now());
