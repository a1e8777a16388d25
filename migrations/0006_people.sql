-- Who may do what: what bots learn of people and rules, and runners judge by once more before anything takes effect.

-- A Slack user's login at GitHub, set by an admin (`/agent link`).
CREATE TABLE people (
  team      text NOT NULL,
  person    text NOT NULL,
  login     text NOT NULL,
  github_id bigint NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team, person)
);
-- Two people with one login would be four eyes of one person.
CREATE UNIQUE INDEX people_by_login ON people (team, lower(login));

-- Members of the user groups that rules name. A runner cannot ask Slack: it notes what it wants to know, a bot looks.
CREATE TABLE user_groups (
  team      text NOT NULL,
  id        text NOT NULL,
  members   text[] NOT NULL DEFAULT '{}',
  -- Why Slack did not tell.
  problem   text,
  read_at   timestamptz NOT NULL DEFAULT 'epoch',
  wanted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (team, id)
);

-- The settings file of a repository's branch as it was read last, and the commit it was read from; no `content` where there
-- is no file.
CREATE TABLE repository_files (
  repo    text NOT NULL,
  branch  text NOT NULL,
  sha     text NOT NULL,
  content text,
  read_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (repo, branch)
);

-- The deployment's own rules, as the bot that started last was given them.
CREATE TABLE deployment_rules (
  team      text PRIMARY KEY,
  rules     jsonb NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now()
);

-- Words that turned out to be of somebody who may not steer: no agent gets them.
ALTER TABLE replies ADD COLUMN refused_at timestamptz;
