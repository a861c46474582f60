-- Officers come, change and go by the word of two.

alter table office add column closed_at timestamptz;

create table officer_change (
  id uuid primary key,
  kind text not null check (kind in ('add', 'set-roles', 'remove', 'restore', 'reset', 'certify')),
  office_id uuid not null references office (id),
  -- Of the new officer too: the id is drawn when the change is proposed.
  officer_id uuid not null,
  name text check (length(name) between 1 and 100),
  national_id text check (national_id ~ '^[0-9]{10}$'),
  roles text[] check (cardinality(roles) > 0),
  -- PKCS#10, of an officer's certificate.
  certification_request bytea,
  proposed_by uuid not null references officer (id),
  proposed_at timestamptz not null,
  state text not null check (state in ('pending', 'confirmed', 'rejected')),
  decided_by uuid references officer (id),
  decided_at timestamptz,
  check ((kind = 'add') = (name is not null)),
  check ((kind in ('add', 'set-roles')) = (roles is not null)),
  check ((kind = 'certify') = (certification_request is not null)),
  check (national_id is null or kind = 'add'),
  check ((state = 'pending') = (decided_by is null)),
  check ((state = 'pending') = (decided_at is null)),
  -- Two officers, and neither is the one whom it is about; to ask for one's own certificate is no decision.
  check (state <> 'confirmed' or (decided_by <> proposed_by and decided_by <> officer_id)),
  check (kind = 'certify' or proposed_by <> officer_id)
);
-- One open question about an officer and kind at a time.
create unique index officer_change_open on officer_change (officer_id, kind) where state = 'pending';
create index officer_change_by_office on officer_change (office_id, id);

create function keep_officer_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state = 'pending'
    and (old.id, old.kind, old.office_id, old.officer_id, old.proposed_by, old.proposed_at)
    = (new.id, new.kind, new.office_id, new.officer_id, new.proposed_by, new.proposed_at)
    and (old.name, old.national_id, old.roles, old.certification_request)
    is not distinct from (new.name, new.national_id, new.roles, new.certification_request) then
    return new;
  end if;
  raise exception 'a decided change of officers is kept as it is' using errcode = 'restrict_violation';
end $$;
create trigger officer_change_kept before update or delete on officer_change
  for each row execute function keep_officer_change();
create trigger officer_change_not_emptied before truncate on officer_change
  for each statement execute function refuse_change();

-- Certificates with which officers sign in and approve.
create table officer_certificate (
  certificate_sha256 bytea primary key references certificate (sha256),
  officer_id uuid not null references officer (id),
  change_id uuid not null unique references officer_change (id)
);
create index officer_certificate_by_officer on officer_certificate (officer_id);
create trigger officer_certificate_append_only before update or delete on officer_certificate
  for each row execute function refuse_change();
create trigger officer_certificate_not_emptied before truncate on officer_certificate
  for each statement execute function refuse_change();
