import type { QueryConfig } from 'pg';

import type { Opening } from '../signing/sessions/session-steps.ts';
import { eventInsert, eventValues } from './pg-audit-log.ts';

const TEXT = `with session as (
    insert into signature_session (id, relying_party_id, authority_id, serial_number, certificate_sha256, state,
      format, verification_code, code_choices, display_sha256, idempotency_key, request_sha256, callback_url, key_id,
      sealed, created_at, expires_at, pairing_sha256, level)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) on conflict do nothing
    returning id, authority_id, serial_number, created_at, expires_at, pairing_sha256),
  wake as (
    insert into push_delivery (session_id, token_sha256, next_attempt_at, expires_at)
    select s.id, p.token_sha256, s.created_at, s.expires_at from session s join push_subscription p
      on p.authority_id = s.authority_id and p.serial_number = s.serial_number
    where s.pairing_sha256 is null
    returning 1),
  event as (${eventInsert('session', 20)})
  select (select count(*) from wake)::int as pushes from session`;

/** Inserts a session with its event, and queues the phones that can be woken for it; no row where it cannot be opened. */
export function openingStatement({ session, pairingSha256, event }: Opening): QueryConfig {
  return {
    name: 'session-open',
    text: TEXT,
    values: [
      session.id,
      session.relyingPartyId,
      session.credential?.authorityId ?? null,
      session.credential?.serialNumber ?? null,
      session.credential?.certificateSha256 ?? null,
      session.state,
      session.format,
      session.verificationCode,
      session.codeChoices,
      session.displaySha256,
      session.idempotencyKey ?? null,
      session.requestSha256,
      session.callbackUrl ?? null,
      session.content?.keyId,
      session.content?.sealed,
      session.createdAt,
      session.expiresAt,
      pairingSha256 ?? null,
      session.level,
      ...eventValues(event),
    ],
  };
}
