// From applications to the certificates that were issued on them, and back: the first one has `application:<id>` as its origin,
// renewals `renewal:<id>`.

/** Id of the application that a certificate `c` was issued on; null for what has another origin. */
export const APPLICATION_OF_ORIGIN = `case
    when c.origin ~ '^application:[0-9a-f-]{36}$' then substring(c.origin from 13)::uuid
    when c.origin ~ '^renewal:[0-9a-f-]{36}$'
      then (select r.application_id from renewal r where r.id = substring(c.origin from 9)::uuid) end`;

/** Joins an application `a` to each of its certificates, as `c`. */
export const JOIN_CERTIFICATES_OF_APPLICATION = `join lateral (select * from certificate
    where origin = any(array['application:' || a.id] || array(select 'renewal:' || r.id from renewal r where r.application_id = a.id))
  ) c on true`;
