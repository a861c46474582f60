-- Published CRLs and the numbers they draw. A scope is one CRL address of an authority: `complete`, `shard:<n>` or `delta`.
create table crl_number_series (
  authority_id text not null references authority (id),
  series text not null check (series ~ '^(complete|shard:[0-9]{1,3})$'),
  last_number bigint not null check (last_number > 0),
  primary key (authority_id, series)
);

create table crl (
  authority_id text not null references authority (id),
  scope text not null check (scope ~ '^(complete|delta|shard:[0-9]{1,3})$'),
  crl_number bigint not null check (crl_number > 0),
  this_update timestamptz not null,
  next_update timestamptz not null check (next_update > this_update),
  last_change_number bigint not null,
  -- On delta CRLs: the complete CRLs that they build on.
  bases jsonb,
  der bytea not null,
  primary key (authority_id, scope, crl_number)
);
-- Signed and random octets do not compress; trying costs time.
alter table crl alter column der set storage external;

-- Numbers of a scope only ever grow, whoever publishes (RFC 5280 §5.2.3).
create function check_crl_number() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('crl:' || new.authority_id || ':' || new.scope, 0));
  if exists (select from crl where authority_id = new.authority_id and scope = new.scope
      and crl_number >= new.crl_number) then
    raise exception 'CRL number % of %/% is taken or passed', new.crl_number, new.authority_id, new.scope
      using errcode = 'unique_violation', constraint = 'crl_number_grows';
  end if;
  return new;
end $$;
create trigger crl_number before insert on crl for each row execute function check_crl_number();
create trigger crl_append_only before update on crl for each row execute function refuse_change();

-- What CRLs are built from: the changes that put a certificate on them.
create index status_change_revoking on status_change (authority_id, change_number) where event in ('held', 'revoked');
