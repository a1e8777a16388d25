-- Which deployment this is: a runner's disk belongs to one database, and says so. The row is made by the first that asks.
CREATE TABLE deployment (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  id      uuid NOT NULL DEFAULT gen_random_uuid(),
  made_at timestamptz NOT NULL DEFAULT now()
);
