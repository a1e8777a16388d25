-- What lets every wish from Slack and every message to Slack come to an end, whoever dies on the way.

-- `takes`: how often a request that a dead bot left behind was taken up. `acked_at`: a form that was closed before its
-- effect; any other form waits at its sender's until it is answered.
ALTER TABLE inbox
  ADD COLUMN taken_at timestamptz,
  ADD COLUMN takes integer NOT NULL DEFAULT 0,
  ADD COLUMN acked_at timestamptz;
CREATE INDEX inbox_handled ON inbox (handled_at) WHERE handled_at IS NOT NULL;

-- Requests that had their effect, noted in the effect's own transaction: a replay changes nothing.
CREATE TABLE effects (
  key text PRIMARY KEY,
  at  timestamptz NOT NULL DEFAULT now()
);

-- Words to one person, kept until Slack has taken them.
CREATE TABLE answers (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key        text NOT NULL UNIQUE,
  recipient  jsonb NOT NULL,
  message    jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  tries      integer NOT NULL DEFAULT 1,
  not_before timestamptz NOT NULL,
  ended_at   timestamptz,
  problem    text
);
CREATE INDEX answers_open ON answers (not_before) WHERE ended_at IS NULL;
CREATE INDEX answers_ended ON answers (ended_at) WHERE ended_at IS NOT NULL;

-- The request whose click ended a question.
ALTER TABLE choices ADD COLUMN ended_by text;
CREATE INDEX choices_by_source ON choices ((wish->>'sourceKey'));

-- `failures` in a row make pauses longer. `shut_since`: the bot cannot get into the channel.
ALTER TABLE message_sets
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN shut_since timestamptz;
CREATE INDEX message_sets_shut ON message_sets (job_id) WHERE shut_since IS NOT NULL;

-- How often a message that somebody deleted was posted anew.
ALTER TABLE messages ADD COLUMN reposts integer NOT NULL DEFAULT 0;

-- What Slack wants to be left alone with, for every process: a method, or posts into one channel.
CREATE TABLE slack_rests (
  what  text PRIMARY KEY,
  until timestamptz NOT NULL
);
