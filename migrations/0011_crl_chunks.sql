-- The octets of CRLs in chunks, each stored once: a list of a million entries that is issued anew after one revocation
-- shares all but a few with the one before it. What is known of each CRL stays for ever; its octets may leave when it is
-- superseded (`prune` in db/pg-crl-store.ts).
create table crl_chunk (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  octets bytea not null check (octet_length(octets) between 1 and 1048576)
);
-- Signed and random octets do not compress; trying costs time.
alter table crl_chunk alter column octets set storage external;

create table crl_part (
  authority_id text not null,
  scope text not null,
  crl_number bigint not null,
  position int not null check (position >= 0),
  chunk bytea not null references crl_chunk (sha256),
  primary key (authority_id, scope, crl_number, position),
  foreign key (authority_id, scope, crl_number) references crl (authority_id, scope, crl_number)
);
create index crl_part_by_chunk on crl_part (chunk);

alter table crl add column octets bigint, add column sha256 bytea;
alter table crl disable trigger crl_append_only;
update crl set octets = octet_length(der), sha256 = sha256(der);
alter table crl enable trigger crl_append_only;
alter table crl
  alter column octets set not null,
  alter column sha256 set not null,
  add check (octets > 0),
  add check (octet_length(sha256) = 32);

-- What stands here already, in chunks.
insert into crl_chunk (sha256, octets)
  select distinct on (sha256(chunk)) sha256(chunk), chunk
  from crl c cross join lateral generate_series(0, (octet_length(c.der) - 1) / 65536) n
    cross join lateral substring(c.der from n * 65536 + 1 for 65536) chunk;
insert into crl_part (authority_id, scope, crl_number, position, chunk)
  select c.authority_id, c.scope, c.crl_number, n, sha256(substring(c.der from n * 65536 + 1 for 65536))
  from crl c cross join lateral generate_series(0, (octet_length(c.der) - 1) / 65536) n;
alter table crl drop column der;

-- Heads and numbers stay, and numbers only grow. The octets of the newest CRL of a scope stay.
create trigger crl_kept before delete on crl for each row execute function refuse_change();
create trigger crl_not_emptied before truncate on crl for each statement execute function refuse_change();
create trigger crl_number_series_kept before delete on crl_number_series
  for each row execute function refuse_change();
create trigger crl_number_series_not_emptied before truncate on crl_number_series
  for each statement execute function refuse_change();
create trigger crl_chunk_append_only before update on crl_chunk for each row execute function refuse_change();
create trigger crl_part_append_only before update on crl_part for each row execute function refuse_change();
create trigger crl_part_not_emptied before truncate on crl_part
  for each statement execute function refuse_change();

create function check_number_series() returns trigger language plpgsql as $$
begin
  if new.last_number <= old.last_number then
    raise exception 'CRL numbers of %/% do not go back from % to %', old.authority_id, old.series, old.last_number,
      new.last_number using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger crl_number_series_grows before update on crl_number_series
  for each row execute function check_number_series();

create function keep_newest_crl() returns trigger language plpgsql as $$
begin
  if exists (select from gone g where not exists (select from crl later where later.authority_id = g.authority_id
      and later.scope = g.scope and later.crl_number > g.crl_number)) then
    raise exception 'the octets of a CRL in force are kept' using errcode = 'raise_exception';
  end if;
  return null;
end $$;
create trigger crl_part_in_force after delete on crl_part referencing old table as gone
  for each statement execute function keep_newest_crl();
