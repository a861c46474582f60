-- Why a certificate is on hold. Several causes may stand at once; the status history says `held` once and `released` when none
-- is left. A cause is lifted by a row of its own: neither table ever changes.
create table hold_cause (
  id uuid primary key,
  authority_id text not null,
  serial_number bytea not null,
  cause text not null check (cause in ('lost', 'licence-suspended', 'office-order')),
  -- The change that put the certificate on hold; causes that came later name the same one.
  hold_change_number bigint not null references status_change (change_number),
  laid_at timestamptz not null,
  laid_by text not null,
  foreign key (authority_id, serial_number) references certificate (authority_id, serial_number)
);
create index hold_cause_by_certificate on hold_cause (authority_id, serial_number);
create index hold_cause_running_out on hold_cause (laid_at) where cause <> 'licence-suspended';

create table hold_cause_lift (
  cause_id uuid primary key references hold_cause (id),
  lifted_at timestamptz not null,
  lifted_by text not null
);

create trigger hold_cause_append_only before update or delete on hold_cause
  for each row execute function refuse_change();
create trigger hold_cause_not_emptied before truncate on hold_cause
  for each statement execute function refuse_change();
create trigger hold_cause_lift_append_only before update or delete on hold_cause_lift
  for each row execute function refuse_change();
create trigger hold_cause_lift_not_emptied before truncate on hold_cause_lift
  for each statement execute function refuse_change();

-- What is on hold already: by the Council, or because an officer was told of a loss.
insert into hold_cause (id, authority_id, serial_number, cause, hold_change_number, laid_at, laid_by)
  select gen_random_uuid(), s.authority_id, s.serial_number,
    case when s.requested_by like 'council-order:%' then 'licence-suspended' else 'lost' end,
    s.change_number, s.effective_at, s.requested_by
  from status_change s
  where s.event = 'held' and not exists (select from status_change later where later.authority_id = s.authority_id
    and later.serial_number = s.serial_number and later.change_number > s.change_number);
