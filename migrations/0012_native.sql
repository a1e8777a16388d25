-- What Slack shows besides a job's messages: app homes, and agent sessions with their streams where a workspace offers them.

-- Who opened the app's home, and what stands there. Nobody is drawn for for ever: `opened_at` ages.
CREATE TABLE slack_homes (
  team           text NOT NULL,
  person         text NOT NULL,
  opened_at      timestamptz NOT NULL DEFAULT now(),
  -- Somebody waits for it: it was opened, or a button was pressed there.
  wanted_at      timestamptz NOT NULL DEFAULT now(),
  -- When the board was last read for it, and the sum of all open jobs' changes right before.
  looked_at      timestamptz NOT NULL DEFAULT 'epoch',
  looked_change  bigint NOT NULL DEFAULT 0,
  shown_hash     text,
  -- What came of the last press there.
  notice         jsonb,
  noticed_at     timestamptz,
  leased_by      text,
  leased_until   timestamptz NOT NULL DEFAULT 'epoch',
  not_before     timestamptz NOT NULL DEFAULT 'epoch',
  PRIMARY KEY (team, person)
);

-- The agent session of a job's thread. A stream is a message of its own that lives as long as a part of one turn.
CREATE TABLE slack_sessions (
  job_id            bigint PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  -- What Slack was told last.
  status            text,
  stream_turn       integer,
  stream_ts         text,
  -- Set before a start whose answer has not come: the message may exist already.
  stream_posting_at timestamptz,
  stream_started_at timestamptz,
  -- What each task of the stream shows, since when.
  streamed          jsonb NOT NULL DEFAULT '{}',
  streamed_at       timestamptz,
  -- The turn that streams no more, however long it lasts.
  stream_over       integer
);
