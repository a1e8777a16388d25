-- What happens at GitHub without us: how far each open job was looked at, and which webhooks came.

-- One row a job that is watched. One runner at a time holds a row's lease; a runner that died lets it run out.
CREATE TABLE watches (
  job_id       bigint PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  looked_at    timestamptz,
  leased_until timestamptz NOT NULL DEFAULT 'epoch',
  not_before   timestamptz NOT NULL DEFAULT 'epoch',
  failures     integer NOT NULL DEFAULT 0,
  -- Spreads the looks out: a number from 0 to 1, new after each look.
  spread       real NOT NULL DEFAULT random(),
  -- Counts the webhooks that spoke of this job; a look begins with all that came before it.
  hints        bigint NOT NULL DEFAULT 0,
  heard        bigint NOT NULL DEFAULT 0,
  -- What GitHub answered last, with the ETags that let it say "unchanged". Worth nothing without each other.
  seen         jsonb
);

-- Webhooks by their delivery id, so that each is heard once. Only the hint in them is kept.
CREATE TABLE webhook_deliveries (
  id          text PRIMARY KEY,
  event       text NOT NULL,
  hint        jsonb,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (received_at);
