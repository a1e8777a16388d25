-- What people are in a workspace, as Slack said last. A runner cannot ask Slack: it notes whom it wants to know of, a bot looks.
CREATE TABLE standings (
  team      text NOT NULL,
  person    text NOT NULL,
  -- member, guest, stranger or bot; nothing while nobody has looked.
  standing  text,
  read_at   timestamptz NOT NULL DEFAULT 'epoch',
  wanted_at timestamptz NOT NULL DEFAULT 'epoch',
  PRIMARY KEY (team, person)
);
CREATE INDEX standings_wanted ON standings (wanted_at) WHERE wanted_at > read_at;
