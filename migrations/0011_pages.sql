-- What the pages show and whom they show it to.

-- Who is signed in. The cookie holds a random token, and only its hash stands here.
CREATE TABLE web_sessions (
  token_hash text PRIMARY KEY,
  team       text NOT NULL,
  person     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX web_sessions_by_end ON web_sessions (expires_at);

-- What a turn changed, as it was pushed: whoever shows it need not ask git. `whole` is everything since the base, `step` what
-- this turn added to what was shown before (nothing in a first turn). Each is bounded; `…_cut` says that there is more.
CREATE TABLE turn_patches (
  job_id    bigint NOT NULL REFERENCES jobs ON DELETE CASCADE,
  turn      integer NOT NULL,
  base_sha  text NOT NULL,
  head_sha  text NOT NULL,
  whole     text NOT NULL,
  whole_cut boolean NOT NULL DEFAULT false,
  step      text,
  step_cut  boolean NOT NULL DEFAULT false,
  stored_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_id, turn)
);

-- The time line of a job that has tens of thousands of events.
CREATE INDEX events_of_status ON events (job_id, id) WHERE kind = 'status';
