import { DomainError } from '../../core/errors.ts';
import type { AttestationRecordRow, PgAttestationRecords } from '../../db/attestation-records.ts';
import { attestedSubject, parseKeyAttestation } from '../../pki/attestation/key-attestation.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { parseCertificatePolicies } from '../../pki/extensions/certificate-policies.ts';
import { CE } from '../../pki/oid.ts';
import { sealedAs } from '../../ra/enrolment/shown-attestation.ts';
import type { EvidenceVault } from '../../ra/evidence/evidence-house.ts';
import type { AttestationJudges } from '../enrolment/attestation-judge.ts';
import type { Finding } from './finding.ts';

const PAGE_ROWS = 200;

export interface AttestationCheck {
  vault: Pick<EvidenceVault, 'unseal'>;
  judgeAgain: AttestationJudges['judgeAgain'];
  /** The policy that says that hardware of the phone holds the key. */
  hardwarePolicy: string;
}

/**
 * What phones have shown of their keys, against the intents and certificates that rest on it: the policy of hardware stands where the
 * CA saw hardware, and nowhere else, and what it saw shows the same again, by the roots that count today and the time of then.
 */
export async function* checkAttestations(
  records: PgAttestationRecords,
  check: AttestationCheck,
): AsyncGenerator<Finding> {
  for await (const page of records.attestations(PAGE_ROWS))
    for (const row of page)
      for (const detail of await readableFaultsOf(row, check))
        yield { code: 'attestation-differs', subject: subjectOf(row), detail };
  for (const subject of await records.unshown(asn1.oid(check.hardwarePolicy)))
    yield {
      code: 'attestation-differs',
      subject,
      detail: 'it claims hardware, and nothing of its key is kept',
    };
}

/** A certificate that cannot be read is found by the check of certificates; what rests on it is in doubt all the same. */
async function readableFaultsOf(row: AttestationRecordRow, check: AttestationCheck): Promise<string[]> {
  try {
    return await faultsOf(row, check);
  } catch (error) {
    if (error instanceof DomainError) return [`it cannot be read: ${error.code}`];
    throw error;
  }
}

async function faultsOf(row: AttestationRecordRow, check: AttestationCheck): Promise<string[]> {
  const { intent, kept } = row;
  const faults: string[] = [];
  if (!intent.sha256?.equals(kept.sha256)) faults.push('the CA has judged something else than was kept');
  if (namesPolicy(row.certificate, check.hardwarePolicy) !== (intent.hardware !== undefined))
    faults.push('the certificate names the policy of hardware, and the CA saw none; or the other way round');
  const shown = await unsealed(row, check);
  if (!shown || !digest('sha256', shown).equals(kept.sha256)) return [...faults, 'what was shown is damaged'];
  // Of what was no hardware then, a list of that day may have been the reason.
  if (intent.hardware !== undefined && hardwareAgain(row, shown, check) !== intent.hardware)
    faults.push(`what was shown is no proof of ${intent.hardware}`);
  return faults;
}

function hardwareAgain(
  { certificate, origin, replaces, intendedAt }: AttestationRecordRow,
  shown: Buffer,
  { judgeAgain }: AttestationCheck,
): string | undefined {
  const verdict = judgeAgain({
    attestation: parseKeyAttestation(shown),
    subjectPublicKeyInfo: parseCertificate(certificate).subjectPublicKeyInfo,
    subject: attestedSubject(origin, replaces),
    now: intendedAt,
  });
  return 'hardware' in verdict ? verdict.hardware : undefined;
}

function namesPolicy(certificate: Buffer, policy: string): boolean {
  const extension = parseCertificate(certificate).extensions.get(CE.certificatePolicies);
  return (
    extension !== undefined && parseCertificatePolicies(extension.value).some((one) => one.policy === policy)
  );
}

async function unsealed(
  { occasionId, kept }: AttestationRecordRow,
  { vault }: AttestationCheck,
): Promise<Buffer | undefined> {
  try {
    return await vault.unseal(sealedAs(occasionId), kept);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function subjectOf({ authorityId, serialNumber }: AttestationRecordRow): string {
  return `certificate:${authorityId}/${serialNumber.toString('hex')}`;
}
