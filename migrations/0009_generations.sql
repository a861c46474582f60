-- Generations of an issuing CA, what each offers, and what its certificates say of the house where that is its own.
alter table authority
  -- A new key generation names the one that it goes on for; nobody is succeeded twice.
  add column successor_of text unique references authority (id) check (successor_of <> id),
  -- Ids of the profiles that this CA offers; null: all of its level.
  add column profiles text[] check (cardinality(profiles) > 0),
  -- AuthorityNames of ca/authority/authority.ts; null: the deployment's.
  add column names jsonb;
