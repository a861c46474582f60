-- As the administrator of the server. The service itself makes the roles mohr_ocsp and mohr_crl where its user may create
-- roles, and grants them what they need in either case; `mohr migrate` says which are missing.
create role mohr_ocsp nologin;
create role mohr_crl nologin;

-- One user for each node, so that each can be shut out by itself.
create role ocsp_1 login password 'change-me' connection limit 30 in role mohr_ocsp, mohr_crl;
alter role ocsp_1 set default_transaction_read_only = on;
alter role ocsp_1 set statement_timeout = '30s';

-- What every user of a server may do by default, and no node needs.
revoke temporary on database mohr from public;
