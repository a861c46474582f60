import { attestedSubject } from '../../pki/attestation/key-attestation.ts';
import type { KeyAttestation } from '../../pki/attestation/key-attestation.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificatePolicies } from '../../pki/extensions/certificate-policies.ts';
import { CE } from '../../pki/oid.ts';
import { CaError } from '../ca-error.ts';
import type { IssuanceIntent } from '../issue/certificate-store.ts';
import type { JudgeAttestation } from '../issue/judge-attestation.ts';

export interface AttestationSources {
  /** Absent: no key is known to be in hardware. */
  judgeAttestation?: JudgeAttestation;
  /** What was shown for the key of an origin, as it is kept; absent: nothing is. */
  recordedAttestation?: (origin: string) => Promise<KeyAttestation | undefined>;
}

/**
 * Where an intent names the policy of hardware, judges again what was shown for its key. Throws CaError `attestation-differs`, which
 * leaves the intent open: a list of withdrawn devices may be fetched, a file mended.
 */
export async function assertStillAttested(
  { judgeAttestation, recordedAttestation }: AttestationSources,
  { origin, holder, intendedAt: now }: Pick<IssuanceIntent, 'origin' | 'holder' | 'intendedAt'>,
  certificate: Pick<Certificate, 'extensions' | 'subjectPublicKeyInfo'>,
  hardwarePolicy: string | undefined,
): Promise<void> {
  if (hardwarePolicy === undefined || !namesPolicy(certificate, hardwarePolicy)) return;
  const { subjectPublicKeyInfo } = certificate;
  const attestation = await recordedAttestation?.(origin);
  const subject = attestedSubject(origin, holder?.replaces);
  const verdict =
    attestation && (await judgeAttestation?.({ attestation, subjectPublicKeyInfo, subject, now }));
  if (verdict && 'hardware' in verdict) return;
  const fault = verdict ? verdict.fault : 'nothing is kept that shows it';
  throw new CaError('attestation-differs', `its certificate would claim hardware: ${fault}`);
}

function namesPolicy({ extensions }: Pick<Certificate, 'extensions'>, policy: string): boolean {
  const extension = extensions.get(CE.certificatePolicies);
  return (
    extension !== undefined && parseCertificatePolicies(extension.value).some((one) => one.policy === policy)
  );
}
