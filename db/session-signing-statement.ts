import type { QueryConfig } from 'pg';

import type { Signing } from '../signing/sessions/session-steps.ts';
import { APPLICATION_OF_ORIGIN } from './certificate-origin.ts';
import { LICENCE_FAULTS } from './credential-row.ts';
import { eventInsert, eventValues } from './pg-audit-log.ts';

/** The credential is what it was when it was read: what has happened to it since would be seen by this. */
const STANDS = `$15::bigint = (select max(n.change_number) from status_change n where n.authority_id = $2 and n.serial_number = $3)
  and not exists (select from credential_pin p
    where p.authority_id = $2 and p.serial_number = $3 and p.blocked_at is not null)
  and not exists (select from certificate c join application a on a.id = ${APPLICATION_OF_ORIGIN}
    where c.authority_id = $2 and c.serial_number = $3 and exists (select from ${LICENCE_FAULTS}))`;

/** A value by itself each time: planned while there were few signatures, a search for several at once reads them all ever after. */
const WAS_MADE = `(select true from made_signature m where m.signature_sha256 = v.signature)`;

const TEXT = `with ended as (
    update signature_session set state = 'SIGNED', ended_at = $4, answer_sha256 = $5, key_id = $6, sealed = $7
      where id = $1 and authority_id = $2 and serial_number = $3 and state = 'DISPLAYED'
        and code_confirmed_at is not null and expires_at > $4
        and not exists (select from unnest($8::bytea[]) v (signature) where ${WAS_MADE})
        and ($14 or not exists (select from handed_in_digest h
          where h.authority_id = $2 and h.serial_number = $3 and h.digest = any($13::bytea[])))
        and ${STANDS}
      returning id, callback_url),
  made as (
    insert into made_signature (signature_sha256, session_id, position, document_sha256)
    select n.signature, e.id, n.place - 1, n.document
      from ended e, unnest($8::bytea[], $9::bytea[]) with ordinality n (signature, document, place)),
  kept as (
    insert into signature_evidence (session_id, sha256, key_id, sealed, recorded_at)
    select e.id, $10, $11, $12, $4 from ended e),
  handed_in as (
    insert into handed_in_digest (authority_id, serial_number, digest, session_id)
    select distinct $2::text, $3::bytea, n.digest, e.id from ended e, unnest($13::bytea[]) n (digest) where $14
    on conflict do nothing),
  forgiven as (
    update credential_pin p set failures = 0 from ended
      where p.authority_id = $2 and p.serial_number = $3 and p.failures > 0 and p.blocked_at is null),
  told as (
    insert into signature_callback (session_id, queued_at, next_attempt_at)
    select e.id, $4, $4 from ended e where e.callback_url is not null
    on conflict (session_id) do nothing),
  event as (${eventInsert('ended', 16)})
  select count(*)::int as ended from ended`;

/** Ends a session with its signatures, all that belongs to them and its event; counts none where it is not to be. */
export function signingStatement({ id, credential, answer, event }: Signing): QueryConfig {
  const { answerSha256, made, isHandedIn, signatures, evidence } = answer;
  return {
    name: 'session-sign',
    text: TEXT,
    values: [
      id,
      credential.authorityId,
      credential.serialNumber,
      event.at,
      answerSha256,
      signatures.keyId,
      signatures.sealed,
      made.map(({ signatureSha256 }) => signatureSha256),
      made.map(({ documentSha256 }) => documentSha256),
      evidence.sha256,
      evidence.content.keyId,
      evidence.content.sealed,
      made.map(({ readyDigest }) => readyDigest ?? null),
      isHandedIn,
      credential.changeNumber,
      ...eventValues(event),
    ],
  };
}
