-- What people change of the deployment itself (who is linked to whom at GitHub): the part of the audit trail that belongs to
-- no job. Ids come from the same sequence as those of `events`, so that both are read as one trail.
CREATE TABLE deployment_events (
  id   bigint PRIMARY KEY DEFAULT nextval('events_id_seq'),
  team text NOT NULL,
  at   timestamptz NOT NULL DEFAULT now(),
  data jsonb NOT NULL
);
