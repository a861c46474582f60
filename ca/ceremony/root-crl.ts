import { addDuration, parseDuration } from '../../core/duration.ts';
import type { Signer } from '../../keys/signer.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { expiredCertsOnCrlExtension } from '../../pki/extensions/expired-certs-on-crl.ts';
import { nameText, sameName } from '../../pki/name.ts';
import { buildCertificateList } from '../crl/sign-certificate-list.ts';
import { crlEntryLints, crlHeadLints } from '../lint/crl-lints.ts';
import { runLints } from '../lint/lint.ts';
import type { LintReport } from '../lint/lint.ts';
import { parsedExtensions } from '../lint/parsed-extensions.ts';
import { CeremonyError } from './ceremony-error.ts';
import { refuseLintErrors } from './refuse-lint-errors.ts';

export interface RootCrlInputs {
  issuer: Certificate;
  /** Holds the issuer's key. */
  signer: Signer;
  crlNumber: number;
  /** ISO 8601 duration from now to nextUpdate. */
  validity: string;
  /** The CRL before this one; absent for the first. */
  previous?: CertificateList | undefined;
  /** New entries; those of the previous CRL stay. */
  revoke: readonly RevokedCertificate[];
  now: Date;
}

export interface SignedRootCrl {
  list: CertificateList;
  /** Lints of the CRL as signed; none of them is an error. */
  reports: LintReport[];
}

/**
 * Signs the complete CRL of an offline CA; nothing ever leaves it. Throws CeremonyError `key-mismatch`,
 * `issuer-not-authority`, `validity`, `crl-number`, `crl-entry`, `issuer-mismatch` or `signature-wrong`.
 */
export async function makeRootCrl(inputs: RootCrlInputs): Promise<SignedRootCrl> {
  const { issuer, signer, crlNumber, now } = inputs;
  assertIssuer(inputs);
  assertFollows(inputs);
  const nextUpdate = nextUpdateOf(inputs);
  const entries = [...(inputs.previous?.revokedCertificates ?? []), ...inputs.revoke];
  const der = await buildCertificateList({
    issuer,
    signer,
    crlNumber,
    thisUpdate: now,
    nextUpdate,
    extensions: [expiredCertsOnCrlExtension(issuer.notBefore)],
    entries,
  });
  const list = parseCertificateList(der);
  const isAsked = list.crlNumber === BigInt(crlNumber) && list.revokedCertificates.count === entries.length;
  if (!isAsked || !isCertificateListSignedBy(list, publicKeyOf(issuer))) {
    throw new CeremonyError('signature-wrong', `${signer.label} did not sign the CRL that was asked for`);
  }
  const reports = runLints([...crlHeadLints, ...crlEntryLints], { crl: list, issuer, now });
  return { list, reports: refuseLintErrors(reports) };
}

function assertIssuer({ issuer, signer, now }: RootCrlInputs): void {
  if (!signer.subjectPublicKeyInfo.equals(issuer.subjectPublicKeyInfo)) {
    throw new CeremonyError(
      'key-mismatch',
      `${signer.label} does not hold the key of the issuer's certificate`,
    );
  }
  const { basicConstraints, keyUsage } = parsedExtensions(issuer);
  if (!basicConstraints?.ca || (keyUsage && !keyUsage.includes('cRLSign'))) {
    throw new CeremonyError('issuer-not-authority', `${nameText(issuer.subject)} may not sign CRLs`);
  }
  if (now < issuer.notBefore || now > issuer.notAfter) {
    throw new CeremonyError('validity', `${nameText(issuer.subject)} is not valid now`);
  }
}

/** The issuer's own list, a higher number, a later moment, and each certificate once. */
function assertFollows({ issuer, crlNumber, previous, revoke, now }: RootCrlInputs): void {
  if (previous) {
    if (!sameName(previous.issuer, issuer.subject)) {
      throw new CeremonyError('issuer-mismatch', `the previous CRL is of ${nameText(previous.issuer)}`);
    }
    if (!isCertificateListSignedBy(previous, publicKeyOf(issuer))) {
      throw new CeremonyError('signature-wrong', 'the previous CRL is not signed by the key of the issuer');
    }
    if (previous.crlNumber === undefined || BigInt(crlNumber) <= previous.crlNumber) {
      const detail = `CRL number ${crlNumber} is not above ${previous.crlNumber ?? 'none'} of the previous CRL`;
      throw new CeremonyError('crl-number', detail);
    }
    if (previous.thisUpdate > now) {
      throw new CeremonyError(
        'validity',
        `the previous CRL is of ${previous.thisUpdate.toISOString()}, after now`,
      );
    }
  }
  const listed = new Set([...(previous?.revokedCertificates ?? [])].map(serialText));
  for (const entry of revoke) {
    const fault = entryFault(entry, issuer, listed, now);
    if (fault) throw new CeremonyError('crl-entry', `${serialText(entry)} ${fault}`);
    listed.add(serialText(entry));
  }
}

function entryFault(
  entry: RevokedCertificate,
  issuer: Certificate,
  listed: ReadonlySet<string>,
  now: Date,
): string | undefined {
  if (listed.has(serialText(entry))) return 'is on the CRL already';
  if (entry.revokedAt > now) return `is revoked at ${entry.revokedAt.toISOString()}, after now`;
  if (entry.revokedAt < issuer.notBefore)
    return `is revoked at ${entry.revokedAt.toISOString()}, before its issuer was`;
  if (entry.invalidityDate && entry.invalidityDate > now) return 'has an invalidity date after now';
  return undefined;
}

function serialText({ serialNumber }: RevokedCertificate): string {
  return Buffer.from(serialNumber).toString('hex');
}

function nextUpdateOf({ issuer, validity, now }: RootCrlInputs): Date {
  const nextUpdate = addDuration(now, parseDuration(validity));
  if (nextUpdate > now && nextUpdate <= issuer.notAfter) return nextUpdate;
  const detail = `nextUpdate ${nextUpdate.toISOString()} is not between now and ${issuer.notAfter.toISOString()}`;
  throw new CeremonyError('validity', detail);
}
