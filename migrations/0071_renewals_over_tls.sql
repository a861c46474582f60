-- A renewal may be asked for over TLS with the certificate that is renewed (RFC 7030 §4.2.2): nothing is signed then but the
-- handshake, which nobody can be shown.
alter table renewal
  alter column signature drop not null,
  add column method text not null default 'signature' check (method in ('signature', 'tls')),
  add constraint renewal_signed check ((method = 'signature') = (signature is not null));
