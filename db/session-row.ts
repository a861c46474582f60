import type { SessionId, SessionWithContent } from '../signing/sessions/session.ts';

export interface SessionRow {
  id: SessionId;
  relying_party_id: string;
  authority_id: string | null;
  serial_number: Buffer | null;
  certificate_sha256: Buffer | null;
  is_paired: boolean;
  pairing_claimed_at: Date | null;
  pairing_refusals: number;
  state: SessionWithContent['state'];
  format: SessionWithContent['format'];
  level: SessionWithContent['level'];
  verification_code: string;
  code_choices: string[];
  display_sha256: Buffer;
  idempotency_key: string | null;
  request_sha256: Buffer;
  callback_url: string | null;
  key_id: string | null;
  sealed: Buffer | null;
  answer_sha256: Buffer | null;
  failure: string | null;
  created_at: Date;
  expires_at: Date;
  delivered_at: Date | null;
  displayed_at: Date | null;
  signing_time: Date | null;
  code_confirmed_at: Date | null;
  ended_at: Date | null;
}

/** Of a table that is called s. */
export const SESSION_COLUMNS = `s.id, s.relying_party_id, s.authority_id, s.serial_number, s.certificate_sha256, s.state,
  s.format, s.level, s.verification_code, s.code_choices, s.display_sha256, s.idempotency_key, s.request_sha256, s.callback_url,
  s.key_id, s.sealed, s.answer_sha256, s.failure, s.created_at, s.expires_at, s.delivered_at, s.displayed_at,
  s.signing_time, s.code_confirmed_at, s.ended_at, s.pairing_sha256 is not null as is_paired, s.pairing_claimed_at,
  s.pairing_refusals`;

export function sessionOf(row: SessionRow): SessionWithContent {
  return {
    id: row.id,
    relyingPartyId: row.relying_party_id,
    state: row.state,
    format: row.format,
    level: row.level,
    verificationCode: row.verification_code,
    codeChoices: row.code_choices,
    displaySha256: row.display_sha256,
    requestSha256: row.request_sha256,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.authority_id !== null && {
      credential: {
        authorityId: row.authority_id,
        serialNumber: row.serial_number!,
        certificateSha256: row.certificate_sha256!,
      },
    }),
    ...(row.is_paired && {
      pairing: {
        refusedClaims: row.pairing_refusals,
        ...(row.pairing_claimed_at && { claimedAt: row.pairing_claimed_at }),
      },
    }),
    ...(row.idempotency_key !== null && { idempotencyKey: row.idempotency_key }),
    ...(row.callback_url !== null && { callbackUrl: row.callback_url }),
    ...(row.answer_sha256 && { answerSha256: row.answer_sha256 }),
    ...(row.failure !== null && { failure: row.failure }),
    ...(row.sealed && row.key_id !== null && { content: { keyId: row.key_id, sealed: row.sealed } }),
    ...(row.delivered_at && { deliveredAt: row.delivered_at }),
    ...(row.displayed_at && { displayedAt: row.displayed_at }),
    ...(row.signing_time && { signingTime: row.signing_time }),
    ...(row.code_confirmed_at && { codeConfirmedAt: row.code_confirmed_at }),
    ...(row.ended_at && { endedAt: row.ended_at }),
  };
}
