-- Renewals that passed every check when they were asked for and were refused when they were to be issued, e.g. because the licence was
-- suspended in between: the first refusal of each. The holder may send the same again; then there may be a certificate as well.
create table renewal_refusal (
  renewal_id uuid primary key references renewal (id),
  code text not null,
  refused_at timestamptz not null
);
create trigger renewal_refusal_append_only before update or delete on renewal_refusal
  for each row execute function refuse_change();
create trigger renewal_refusal_not_emptied before truncate on renewal_refusal
  for each statement execute function refuse_change();
