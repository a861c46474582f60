-- Inspections of offices by samples. What was drawn can be drawn again: from the office, the period, the size, the moment and the
-- random seed that are recorded here.
create table inspection (
  id uuid primary key,
  office_id uuid not null references office (id),
  -- From the beginning of one day of Tehran to before the beginning of another.
  period_from timestamptz not null,
  period_before timestamptz not null check (period_before > period_from),
  sample_size integer not null check (sample_size between 1 and 500),
  seed bytea not null check (octet_length(seed) = 32),
  population integer not null check (population >= 0),
  -- Over the population as it was drawn from.
  population_sha256 bytea not null check (octet_length(population_sha256) = 32),
  -- Until when the office has to have the papers together.
  due_at timestamptz not null,
  opened_by uuid not null references officer (id),
  opened_at timestamptz not null
);
create index inspection_by_office on inspection (office_id, id);

create table inspection_case (
  inspection_id uuid not null references inspection (id),
  position integer not null check (position >= 1),
  application_id uuid not null references application (id),
  was_revoked boolean not null,
  primary key (inspection_id, position),
  unique (inspection_id, application_id)
);

create table inspection_finding (
  id uuid primary key,
  inspection_id uuid not null references inspection (id),
  -- Absent: of the office as a whole.
  application_id uuid,
  severity text not null check (severity in ('note', 'minor', 'major')),
  text text not null check (length(text) between 1 and 4000),
  recorded_by uuid not null references officer (id),
  recorded_at timestamptz not null,
  foreign key (inspection_id, application_id) references inspection_case (inspection_id, application_id)
);
create index inspection_finding_by_inspection on inspection_finding (inspection_id, id);

create table inspection_close (
  inspection_id uuid primary key references inspection (id),
  outcome text not null check (outcome in ('passed', 'passed-with-findings', 'failed')),
  closed_by uuid not null references officer (id),
  closed_at timestamptz not null
);

-- Nothing is found any more in what is closed.
create function refuse_finding_after_close() returns trigger language plpgsql as $$
begin
  if exists (select from inspection_close c where c.inspection_id = new.inspection_id) then
    raise exception 'the inspection is closed' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger inspection_finding_while_open before insert on inspection_finding
  for each row execute function refuse_finding_after_close();

create trigger inspection_append_only before update or delete on inspection
  for each row execute function refuse_change();
create trigger inspection_case_append_only before update or delete on inspection_case
  for each row execute function refuse_change();
create trigger inspection_finding_append_only before update or delete on inspection_finding
  for each row execute function refuse_change();
create trigger inspection_close_append_only before update or delete on inspection_close
  for each row execute function refuse_change();
create trigger inspection_not_emptied before truncate on inspection
  for each statement execute function refuse_change();
create trigger inspection_case_not_emptied before truncate on inspection_case
  for each statement execute function refuse_change();
create trigger inspection_finding_not_emptied before truncate on inspection_finding
  for each statement execute function refuse_change();
create trigger inspection_close_not_emptied before truncate on inspection_close
  for each statement execute function refuse_change();
