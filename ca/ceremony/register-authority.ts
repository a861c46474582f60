import type { Clock } from '../../core/clock.ts';
import { wholeSeconds } from '../../core/clock.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { certificateFingerprint, parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { nameText, sameName } from '../../pki/name.ts';
import type { AuthorityRecord } from '../authority/authority-store.ts';
import type { CheckKey } from '../issue/check-key.ts';
import { certificateLints } from '../lint/certificate-lints.ts';
import { runLints } from '../lint/lint.ts';
import type { LintReport } from '../lint/lint.ts';
import { profileForAct } from './act-profile.ts';
import { CeremonyError } from './ceremony-error.ts';
import { IMPORT_RULES } from './import-rules.ts';
import type { ImportCandidate } from './import-rules.ts';
import { recordAuthority } from './record-authority.ts';
import type { AuthorityRegister } from './record-authority.ts';
import { refuseLintErrors } from './refuse-lint-errors.ts';

export interface RegisterHouse extends AuthorityRegister {
  transactions: TransactionRunner;
  clock: Clock;
  /** Base of CDP and AIA addresses that the service runs with. */
  publicUrl: string;
  checkKey: CheckKey;
}

/** A certificate above the imported one. */
export interface NamedIssuer {
  id: string;
  certificate: Certificate;
  /** Ids of lints whose errors are accepted in it. */
  acceptLints: readonly string[];
}

export interface RegisterInputs extends Omit<ImportCandidate, 'issuers' | 'now'> {
  authorityId: string;
  keyReference: string;
  /** From the root down. */
  issuers: readonly NamedIssuer[];
  /** SHA-256 of the reviewed file, for the audit event. */
  ceremonySha256: string;
}

/** What an act settles about the authority, given those that are known. */
export type AuthorityTerms = Pick<AuthorityRecord, 'crlShards' | 'profiles' | 'successorOf'>;

const IMPORT = { action: 'import-certificate', actor: { kind: 'operator', id: 'ceremony' } } as const;

/**
 * Checks an intermediate that somebody signed for a key of ours and records it, with those above it that are not known
 * yet, in one transaction. Resolves with the lints of the certificate. Throws CeremonyError, and what `checkKey` throws.
 */
export async function registerAuthority(
  house: RegisterHouse,
  inputs: RegisterInputs,
  termsOf: (known: readonly AuthorityRecord[]) => AuthorityTerms,
): Promise<LintReport[]> {
  const now = wholeSeconds(house.clock.now());
  const profile = profileForAct(inputs.profile, { purpose: 'intermediate', now });
  await house.checkKey(inputs.certificate.subjectPublicKeyInfo, profile.keyTypes);
  const reports = assertImportable(inputs, house.publicUrl, now);
  await house.transactions.transaction(async (tx) => {
    const known = await house.authorities.listAuthorities(tx);
    assertNew(inputs, known);
    const record = { ...recordOf(inputs, now), ...termsOf(known) };
    const event = { ...IMPORT, details: { ceremonySha256: inputs.ceremonySha256 } };
    for (const above of missingAbove(inputs, known, now)) {
      await recordAuthority(house, tx, { ...event, ...above, profile: FOREIGN });
    }
    await recordAuthority(house, tx, { ...event, record, certificate: inputs.certificate, profile });
  });
  return reports;
}

/** The profile of certificates above ours: whoever made them knows it, we do not. */
const FOREIGN = { id: 'foreign', version: 1 };

/** Addresses in the certificates of an authority are those under which this service answers. */
function assertImportable(inputs: RegisterInputs, publicUrl: string, now: Date): LintReport[] {
  if (inputs.names.publicUrl !== publicUrl) {
    const detail = `the act says ${inputs.names.publicUrl}, the service runs as ${publicUrl} (MOHR_PUBLIC_URL)`;
    throw new CeremonyError('public-url-mismatch', detail);
  }
  const issuers = inputs.issuers.map(({ certificate }) => certificate);
  const candidate = { ...inputs, issuers, now };
  for (const { code, fault } of IMPORT_RULES) {
    const detail = fault(candidate);
    if (detail !== undefined) throw new CeremonyError(code, detail);
  }
  for (const [index, { certificate, acceptLints }] of inputs.issuers.entries()) {
    refuseLintErrors(runLints(certificateLints, { certificate, issuer: issuers[index - 1] }), acceptLints);
  }
  // Without `now`: the certificate was issued some other day.
  const { certificate } = inputs;
  return refuseLintErrors(runLints(certificateLints, { certificate, issuer: issuers[issuers.length - 1] }));
}

function assertNew(
  { authorityId, certificate, issuers }: RegisterInputs,
  known: readonly AuthorityRecord[],
): void {
  const ids = [...known.map(({ id }) => id), ...issuers.map(({ id }) => id)];
  if (ids.includes(authorityId)) {
    throw new CeremonyError(
      'authority-exists',
      `there is an authority ${authorityId}; a new key is a new authority`,
    );
  }
  // One name with two keys would leave CRLs and CertIDs of the generations to be told apart by the key alone.
  const namesake = known.find((one) =>
    sameName(parseCertificate(one.certificate).subject, certificate.subject),
  );
  if (namesake) {
    const detail = `${namesake.id} is called ${nameText(certificate.subject)} already`;
    throw new CeremonyError('subject-reused', detail);
  }
}

function recordOf(inputs: RegisterInputs, now: Date): Omit<AuthorityRecord, keyof AuthorityTerms> {
  const { organization, cpsUri, oidArc, nationalPolicyArc, admissionAuthority } = inputs.names;
  return {
    id: inputs.authorityId,
    issuerId: inputs.issuers[inputs.issuers.length - 1].id,
    assuranceLevel: inputs.assuranceLevel,
    certificate: inputs.certificate.bytes,
    keyReference: inputs.keyReference,
    createdAt: now,
    names: { organization, cpsUri, oidArc, nationalPolicyArc, admissionAuthority },
  };
}

function missingAbove(
  { issuers }: RegisterInputs,
  known: readonly AuthorityRecord[],
  now: Date,
): { record: AuthorityRecord; certificate: Certificate }[] {
  return issuers.flatMap(({ id, certificate }, index) => {
    const issuerId = issuers[index - 1]?.id;
    const one = known.find((record) => record.id === id || record.certificate.equals(certificate.bytes));
    if (one) return assertSame(one, { id, certificate, issuerId });
    const record = { id, certificate: certificate.bytes, assuranceLevel: 0, crlShards: 1, createdAt: now };
    return [{ record: { ...record, ...(issuerId !== undefined && { issuerId }) }, certificate }];
  });
}

/** A known authority is never given another certificate, another id or another issuer. */
function assertSame(
  known: AuthorityRecord,
  { id, certificate, issuerId }: { id: string; certificate: Certificate; issuerId: string | undefined },
): [] {
  if (known.id === id && known.certificate.equals(certificate.bytes) && known.issuerId === issuerId)
    return [];
  const sha256 = certificateFingerprint(certificate).toString('hex');
  throw new CeremonyError(
    'authority-exists',
    `${known.id} is known here, and is not ${id} with certificate ${sha256}`,
  );
}
