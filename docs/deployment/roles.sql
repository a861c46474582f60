-- As the administrator of the server. `mohr database roles` prints the first statement for this version; a migration makes the roles
-- itself where its user may, and grants them what docs/DATABASE-ROLES.md says in either case.
do $$ begin
  if not exists (select from pg_roles where rolname = 'mohr_ra') then create role mohr_ra nologin; end if;
  if not exists (select from pg_roles where rolname = 'mohr_ca') then create role mohr_ca nologin; end if;
  if not exists (select from pg_roles where rolname = 'mohr_ocsp') then create role mohr_ocsp nologin; end if;
  if not exists (select from pg_roles where rolname = 'mohr_crl') then create role mohr_crl nologin; end if;
  if not exists (select from pg_roles where rolname = 'mohr_audit') then create role mohr_audit nologin; end if;
end $$;

-- One user for each process, so that each can be shut out by itself.
create role ra_1 login password 'change-me' connection limit 30 in role mohr_ra;
create role ca_1 login password 'change-me' connection limit 30 in role mohr_ca;
create role ocsp_1 login password 'change-me' connection limit 30 in role mohr_ocsp, mohr_crl;
alter role ocsp_1 set default_transaction_read_only = on;
alter role ocsp_1 set statement_timeout = '30s';

-- What every user of a server may do by default, and no node needs.
revoke temporary on database mohr from public;
