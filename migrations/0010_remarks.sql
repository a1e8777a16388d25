-- What people say at GitHub under a job's pull and an agent is to hear: each once, however often it is seen, and what was
-- answered to it.
CREATE TABLE remarks (
  job_id    bigint NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  -- GitHub's own id with the list it stands in: c12, r12, i12.
  key       text NOT NULL,
  data      jsonb NOT NULL,
  -- When these words of it were first seen; words that are written anew are new.
  seen_at   timestamptz NOT NULL DEFAULT now(),
  -- The newest turn that took them along; nothing while they wait.
  turn      integer,
  answer    jsonb,
  -- When a turn that took them along came to its end.
  ended_at  timestamptz,
  -- When the answer stood at GitHub.
  posted_at timestamptz,
  PRIMARY KEY (job_id, key)
);
CREATE INDEX remarks_unposted ON remarks (job_id) WHERE answer IS NOT NULL AND posted_at IS NULL;
