import type {
  CertificateBatchStore,
  CertificateStore,
  HolderClaim,
  IntentOutcome,
  IssuanceIntent,
  IssuedCertificate,
} from '../ca/issue/certificate-store.ts';
import type { CertificateId } from '../ca/status/status-store.ts';
import type { ReplacedCertificate } from '../ca/issue/renewal-window.ts';
import type { Transaction } from '../core/transaction.ts';
import { byteaArray, integerArray, textArray, timestampArray } from './binary-array.ts';
import {
  activeInSlot,
  claimArrays,
  claimColumns,
  nextTurn,
  findReplaced,
  servedHolders,
  takenSerials,
} from './holder-slot.ts';
import { CERTIFICATE_COLUMNS, certificateOf } from './certificate-row.ts';
import type { CertificateRow } from './certificate-row.ts';
import { intentOf } from './intent-row.ts';
import type { IntentRow } from './intent-row.ts';
import { pg } from './pg-transaction.ts';

export class PgCertificateStore implements CertificateStore, CertificateBatchStore {
  async recordIntent(tx: Transaction, intent: IssuanceIntent): Promise<IntentOutcome> {
    const holder = claimColumns(intent.holder);
    const inserted = await pg(tx).execute({
      name: 'intent-record',
      text: `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id,
        profile_version, origin, intended_at, holder_slot, holder_turn, replaces_authority_id, replaces_serial_number,
        approval_sha256, attestation_sha256, key_hardware, attestation_fault)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9::text, ${nextTurn('$9::text')}, $10::text, $11::bytea, $12::bytea,
          $13::bytea, $14::text, $15::text
        where $9::text is null or ${ACTIVE_OF_ONE} is null
        on conflict do nothing`,
      values: [
        intent.authorityId,
        intent.serialNumber,
        intent.tbsCertificate,
        intent.spkiSha256,
        intent.profileId,
        intent.profileVersion,
        intent.origin,
        intent.intendedAt,
        holder.slot,
        holder.replacesAuthority,
        holder.replacesSerial,
        intent.approvalSha256 ?? null,
        ...attestationColumns(intent.attestation),
      ],
    });
    if (inserted === 1) return 'recorded';
    const [outcome] = await this.#outcomes(tx, [intent], new Set());
    // Whose approval is used has a certificate by it.
    const isUsed = outcome === 'holder-has-certificate' && (await isApprovalUsed(tx, intent));
    return isUsed ? 'approval-used' : outcome;
  }

  async recordIntents(tx: Transaction, intents: readonly IssuanceIntent[]): Promise<IntentOutcome[]> {
    if (intents.length === 0) return [];
    const inserted = await pg(tx).query<Pick<IntentRow, 'authority_id' | 'serial_number' | 'spki_sha256'>>({
      name: 'intent-record-all',
      text: `insert into issuance_intent (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id,
          profile_version, origin, intended_at, holder_slot, holder_turn, replaces_authority_id, replaces_serial_number)
        select i.authority_id, i.serial_number, i.tbs_certificate, i.spki_sha256, i.profile_id, i.profile_version, i.origin,
          i.intended_at, i.slot, ${nextTurn('i.slot')}, i.replaces_authority_id, i.replaces_serial_number
        from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::int4[], $7::text[], $8::timestamptz[],
            $9::text[], $10::text[], $11::bytea[])
          with ordinality as i (authority_id, serial_number, tbs_certificate, spki_sha256, profile_id, profile_version,
            origin, intended_at, slot, replaces_authority_id, replaces_serial_number, n)
        where i.slot is null or ${ACTIVE_OF_ROW} is null
        order by i.n
        on conflict do nothing
        returning authority_id, serial_number, spki_sha256`,
      values: [
        textArray(intents.map(({ authorityId }) => authorityId)),
        byteaArray(intents.map(({ serialNumber }) => serialNumber)),
        byteaArray(intents.map(({ tbsCertificate }) => tbsCertificate)),
        byteaArray(intents.map(({ spkiSha256 }) => spkiSha256)),
        textArray(intents.map(({ profileId }) => profileId)),
        integerArray(intents.map(({ profileVersion }) => profileVersion)),
        textArray(intents.map(({ origin }) => origin)),
        timestampArray(intents.map(({ intendedAt }) => intendedAt)),
        ...claimArrays(intents.map(({ holder }) => holder)),
      ],
    });
    if (inserted.length === intents.length) return intents.map(() => 'recorded');
    return this.#outcomes(tx, intents, new Set(inserted.map(keyOfIntentRow)));
  }

  async recordCertificates(tx: Transaction, certificates: readonly IssuedCertificate[]): Promise<void> {
    if (certificates.length === 0) return;
    await pg(tx).execute({
      name: 'certificate-record-all',
      text: `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before, not_after,
          issued_at)
        select * from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::timestamptz[],
          $8::timestamptz[], $9::timestamptz[])`,
      values: [
        textArray(certificates.map(({ authorityId }) => authorityId)),
        byteaArray(certificates.map(({ serialNumber }) => serialNumber)),
        byteaArray(certificates.map(({ bytes }) => bytes)),
        byteaArray(certificates.map(({ sha256 }) => sha256)),
        textArray(certificates.map(({ profileId }) => profileId)),
        textArray(certificates.map(({ origin }) => origin)),
        timestampArray(certificates.map(({ notBefore }) => notBefore)),
        timestampArray(certificates.map(({ notAfter }) => notAfter)),
        timestampArray(certificates.map(({ issuedAt }) => issuedAt)),
      ],
    });
  }

  async recordCertificate(
    tx: Transaction,
    certificate: IssuedCertificate,
  ): Promise<IssuedCertificate | undefined> {
    const inserted = await pg(tx).execute({
      name: 'certificate-record',
      text: `insert into certificate (authority_id, serial_number, der, sha256, profile_id, origin, not_before,
        not_after, issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (authority_id, serial_number) do nothing`,
      values: [
        certificate.authorityId,
        certificate.serialNumber,
        certificate.bytes,
        certificate.sha256,
        certificate.profileId,
        certificate.origin,
        certificate.notBefore,
        certificate.notAfter,
        certificate.issuedAt,
      ],
    });
    if (inserted === 1) return undefined;
    const [standing] = await pg(tx).query<CertificateRow>({
      name: 'certificate-find',
      text: `select ${CERTIFICATE_COLUMNS} from certificate c where c.authority_id = $1 and c.serial_number = $2`,
      values: [certificate.authorityId, certificate.serialNumber],
    });
    return certificateOf(standing);
  }

  findReplaced(tx: Transaction, claim: HolderClaim): Promise<ReplacedCertificate | undefined> {
    return findReplaced(tx, claim);
  }

  servedHolders(tx: Transaction, claims: readonly HolderClaim[], at: Date): Promise<boolean[]> {
    return servedHolders(tx, claims, at);
  }

  async refuseIntent(
    tx: Transaction,
    { authorityId, serialNumber }: CertificateId,
    { code, at }: { code: string; at: Date },
  ): Promise<boolean> {
    // Waits for whoever is recording certificates now, and keeps others from it until this is decided.
    await pg(tx).execute({ text: 'lock table certificate in share row exclusive mode' });
    const inserted = await pg(tx).execute({
      text: `insert into intent_refusal (authority_id, serial_number, code, refused_at)
        select $1, $2, $3, $4
        where not exists (select from certificate c where c.authority_id = $1 and c.serial_number = $2)
        on conflict do nothing`,
      values: [authorityId, serialNumber, code, at],
    });
    return inserted === 1;
  }

  async openIntents(tx: Transaction): Promise<IssuanceIntent[]> {
    const rows = await pg(tx).query<IntentRow>({
      text: `select i.authority_id, i.serial_number, i.tbs_certificate, i.spki_sha256, i.profile_id, i.profile_version,
          i.origin, i.intended_at, i.holder_slot, i.replaces_authority_id, i.replaces_serial_number, i.approval_sha256
        from issuance_intent i
        where not exists (select from certificate c
            where c.authority_id = i.authority_id and c.serial_number = i.serial_number)
          and not exists (select from intent_refusal r
            where r.authority_id = i.authority_id and r.serial_number = i.serial_number)
        order by i.intended_at`,
    });
    return rows.map(intentOf);
  }

  async findByOrigin(tx: Transaction, origin: string): Promise<IssuedCertificate | undefined> {
    const [row] = await pg(tx).query<CertificateRow>({
      name: 'certificate-by-origin',
      text: `select ${CERTIFICATE_COLUMNS} from certificate c where c.origin = $1`,
      values: [origin],
    });
    return row && certificateOf(row);
  }

  async findByOrigins(tx: Transaction, origins: readonly string[]): Promise<Map<string, IssuedCertificate>> {
    const rows = await pg(tx).query<CertificateRow>({
      name: 'certificate-by-origins',
      text: `select ${CERTIFICATE_COLUMNS} from certificate c where c.origin = any($1::text[])`,
      values: [textArray(origins)],
    });
    return new Map(rows.map((row) => [row.origin, certificateOf(row)]));
  }

  /** Why some were left out. Two of the batch that are alike in everything count as one inserted and one reused key. */
  async #outcomes(
    tx: Transaction,
    intents: readonly IssuanceIntent[],
    inserted: Set<string>,
  ): Promise<IntentOutcome[]> {
    const known = await pg(tx).query<Pick<IntentRow, 'spki_sha256'>>({
      name: 'intents-by-key',
      text: 'select spki_sha256 from issuance_intent where spki_sha256 = any($1::bytea[])',
      values: [byteaArray(intents.map(({ spkiSha256 }) => spkiSha256))],
    });
    const keys = new Set(known.map(({ spki_sha256 }) => spki_sha256.toString('latin1')));
    const serials = await takenSerials(tx, intents);
    return intents.map(({ authorityId, serialNumber, spkiSha256 }) => {
      if (inserted.delete(keyOfIntent(authorityId, serialNumber, spkiSha256))) return 'recorded';
      if (keys.has(spkiSha256.toString('latin1'))) return 'key-reused';
      const isTaken = serials.has(`${authorityId}/${serialNumber.toString('hex')}`);
      return isTaken ? 'serial-taken' : 'holder-has-certificate';
    });
  }
}

/** SHA-256, hardware, fault. */
function attestationColumns(judged: IssuanceIntent['attestation']): unknown[] {
  if (!judged) return [null, null, null];
  const { sha256, verdict } = judged;
  return 'hardware' in verdict ? [sha256, verdict.hardware, null] : [sha256, null, verdict.fault];
}

async function isApprovalUsed(tx: Transaction, { approvalSha256 }: IssuanceIntent): Promise<boolean> {
  if (!approvalSha256) return false;
  const rows = await pg(tx).query({
    text: 'select from issuance_intent where approval_sha256 = $1',
    values: [approvalSha256],
  });
  return rows.length > 0;
}

const ACTIVE_OF_ONE = activeInSlot({
  slot: '$9::text',
  at: '$8::timestamptz',
  replacesAuthority: '$10::text',
  replacesSerial: '$11::bytea',
});
const ACTIVE_OF_ROW = activeInSlot({
  slot: 'i.slot',
  at: 'i.intended_at',
  replacesAuthority: 'i.replaces_authority_id',
  replacesSerial: 'i.replaces_serial_number',
});

/** What tells an inserted row from the others of its batch. */
function keyOfIntent(authorityId: string, serialNumber: Buffer, spkiSha256: Buffer): string {
  return `${authorityId} ${serialNumber.toString('latin1')} ${spkiSha256.toString('latin1')}`;
}

function keyOfIntentRow(row: Pick<IntentRow, 'authority_id' | 'serial_number' | 'spki_sha256'>): string {
  return keyOfIntent(row.authority_id, row.serial_number, row.spki_sha256);
}
