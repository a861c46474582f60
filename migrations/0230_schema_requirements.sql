-- What a process must know of to use this schema. A migration that only adds something leaves it as it is, and older processes go
-- on; one that takes something away, or changes what it means, adds a row with its own name: a process that does not bring
-- that migration was made before it, and refuses to start.
create table schema_requirement (
  migration text primary key check (migration ~ '^[0-9]{4}_[a-z0-9_]+$'),
  reason text not null check (length(reason) between 1 and 200)
);
create trigger schema_requirement_append_only before update or delete on schema_requirement
  for each row execute function refuse_change();
create trigger schema_requirement_not_emptied before truncate on schema_requirement
  for each statement execute function refuse_change();

-- For every process, whatever its role: it says nothing of anybody.
create function schema_requirements() returns setof schema_requirement
  language sql stable security definer set search_path from current
  as $$ select migration, reason from schema_requirement order by migration $$;
