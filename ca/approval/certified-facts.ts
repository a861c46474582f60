import type { CertifiedFacts } from '../../pki/approval/approval-document.ts';
import { subjectFacts } from '../../pki/approval/approval-document.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import { CaError } from '../ca-error.ts';
import type { IssuanceIntent } from '../issue/certificate-store.ts';
import type { LintedTbs } from '../issue/linted-tbs.ts';
import type { Profile } from '../profile.ts';

/** What a token would certify, read from the very octets that the CA would sign. */
export function certifiedFacts(
  { tbs, request, profileVersion }: LintedTbs,
  profile: Profile,
  algorithm: SignatureAlgorithmName,
): CertifiedFacts {
  const { councilNumber } = request;
  if (!councilNumber) throw new CaError('subject-incomplete', 'an approval names the council number');
  return {
    ...subjectFacts(readTbs(tbs.bytes, algorithm)),
    authorityId: request.authorityId,
    profileId: profile.id,
    profileVersion,
    validity: profile.validity,
    councilNumber: { group: councilNumber.group, digits: councilNumber.digits },
  };
}

/** The same of an intent: all but the council number, which its admission says, and the profile's duration. */
export function factsOfIntent(
  { authorityId, profileId, profileVersion }: IssuanceIntent,
  certificate: Certificate,
): Omit<CertifiedFacts, 'validity' | 'councilNumber'> {
  return { ...subjectFacts(certificate), authorityId, profileId, profileVersion };
}

/** A TBS is read as part of a certificate, with a signature that nobody would take for one. */
export function readTbs(tbsCertificate: Buffer, algorithm: SignatureAlgorithmName): Certificate {
  return parseCertificate(
    encodeSigned(tbsCertificate, signatureAlgorithmIdentifier(algorithm), Buffer.alloc(1)),
  );
}
