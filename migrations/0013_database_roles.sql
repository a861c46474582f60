-- What each kind of process may do with which table, as data: a process of its own logs in as a member of its role.
-- A later migration adds rows and applies them again.
create table database_grant (
  role_name text not null check (role_name ~ '^mohr_[a-z]+$'),
  table_name text not null,
  privilege text not null check (privilege in ('select', 'insert', 'update')),
  -- Null: all columns, also later ones.
  columns text[] check (cardinality(columns) > 0),
  primary key (role_name, table_name, privilege)
);

insert into database_grant (role_name, table_name, privilege, columns) values
  -- An OCSP node: no name, no certificate of a person, nothing to write.
  ('mohr_ocsp', 'schema_migration', 'select', '{name}'),
  ('mohr_ocsp', 'authority', 'select', '{id, issuer_id, certificate, key_reference}'),
  ('mohr_ocsp', 'certificate', 'select', '{authority_id, serial_number, sha256, not_after}'),
  ('mohr_ocsp', 'status_counter', 'select', null),
  ('mohr_ocsp', 'status_change', 'select',
    '{change_number, authority_id, serial_number, event, effective_at, reason, invalidity_date}'),
  ('mohr_ocsp', 'ocsp_responder', 'select', null),
  ('mohr_ocsp', 'blocked_key', 'select', '{spki_sha256}'),
  -- A node that serves CRLs and CA certificates: all of it is public.
  ('mohr_crl', 'schema_migration', 'select', '{name}'),
  ('mohr_crl', 'authority', 'select', '{id, issuer_id, certificate, key_reference}'),
  ('mohr_crl', 'crl', 'select', null),
  ('mohr_crl', 'crl_part', 'select', null),
  ('mohr_crl', 'crl_chunk', 'select', null);

-- Grants what the table says to those of its roles that exist, and takes away what else they had. Returns the roles that do
-- not exist: they belong to the whole server, and to make one needs CREATEROLE.
create function apply_database_grants() returns setof text language plpgsql as $$
declare
  row record;
begin
  for row in select distinct g.role_name, r.rolname is not null as exists, t.tablename from database_grant g
      left join pg_roles r on r.rolname = g.role_name
      left join pg_tables t on r.rolname is not null and t.schemaname = current_schema() and t.tableowner = current_user
      order by 1, 3 loop
    if row.exists then
      execute format('revoke all on %I from %I', row.tablename, row.role_name);
    else
      return next row.role_name;
    end if;
  end loop;
  for row in select g.* from database_grant g join pg_roles r on r.rolname = g.role_name loop
    execute format('grant %s %s on %I to %I', row.privilege,
      coalesce('(' || (select string_agg(quote_ident(name), ', ') from unnest(row.columns) name) || ')', ''),
      row.table_name, row.role_name);
  end loop;
end $$;

-- Makes the roles of the table that are missing, as far as this user may; nobody can log in as one of them.
create function create_database_roles() returns void language plpgsql as $$
declare
  missing text;
begin
  for missing in select distinct role_name from database_grant
      where not exists (select from pg_roles where rolname = role_name) loop
    begin
      execute format('create role %I nologin', missing);
    exception when insufficient_privilege or duplicate_object or unique_violation then
      -- The administrator makes it, or another database of this server has just done so.
      null;
    end;
  end loop;
end $$;

select create_database_roles();
select apply_database_grants();

-- Responders on nodes that hold no CA key: the node makes its keys, and the CA certifies one after the other.
alter table ocsp_responder
  -- Null: the key is in the key store of the CA's own process.
  add column node_name text check (node_name ~ '^[a-z0-9][a-z0-9-]{0,40}$');

create table responder_request (
  id bigint generated always as identity primary key,
  authority_id text not null references authority (id),
  node_name text not null check (node_name ~ '^[a-z0-9][a-z0-9-]{0,40}$'),
  -- Where the node finds the key again.
  key_reference text not null,
  spki_sha256 bytea not null unique check (octet_length(spki_sha256) = 32),
  -- PKCS#10, signed by the key.
  certification_request bytea not null,
  enrolled_at timestamptz not null
);
create trigger responder_request_append_only before update or delete on responder_request
  for each row execute function refuse_change();
create trigger responder_request_not_emptied before truncate on responder_request
  for each statement execute function refuse_change();
