import { CaError } from '../ca/ca-error.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { parseCertificationRequest } from '../pki/certification-request.ts';
import type { Certificate } from '../pki/certificate.ts';
import { readSingleSigner } from '../pki/cms/single-signer.ts';
import { parseRenewalDocument } from '../pki/renewal/renewal-document.ts';
import type { CertificateDirectory } from '../ra/certificate-directory.ts';
import type { CertificateIssuer } from '../ra/certificate-issuer.ts';
import type { HolderSignature, RenewalIssuer, RenewalRequest } from '../ra/renewal/renewal.ts';
import { issuanceRequestOf } from './ca-for-ra.ts';
import type { CaSide } from './ca-for-ra.ts';

export interface RenewalCa {
  ca: CaSide;
  forRa: Pick<CertificateIssuer, 'authorityFor' | 'hasIssued'>;
  directory: Pick<CertificateDirectory, 'find'>;
  /** Of every CA, also of generations that do not issue any more. */
  certificates: ReadonlyMap<string, Certificate>;
}

/** The certification authority as renewal wants it: the holder's signature authorises where else a second officer's does. */
export function caForRenewal({ ca, forRa, directory, certificates }: RenewalCa): RenewalIssuer {
  const prepared = ({ replaces, ...request }: RenewalRequest) =>
    ca.issuer.prepare({ ...issuanceRequestOf(request), replaces });
  return {
    authorityFor: (profileId) => forRa.authorityFor(profileId),
    hasIssued: (origin) => forRa.hasIssued(origin),
    authoritiesNamed: (name) =>
      [...certificates].filter(([, { subject }]) => subject.bytes.equals(name.bytes)).map(([id]) => id),
    checkRenewal: async (request) => {
      const [refusal] = await ca.issuer.holderRefusals([await prepared(request)]);
      if (refusal) throw refusal;
    },
    issueRenewal: async (request, authorization, actor) => {
      await assertHolderSigned(directory, request, authorization);
      try {
        await ca.issuer.issue(await prepared(request), actor);
        await ca.whenVisible();
      } catch (error) {
        ca.onInterrupted(request.origin, error);
        throw error;
      }
    },
  };
}

/**
 * What the CA asks of the authorisation, whoever hands it over: the replaced certificate's key signed a document that names that
 * certificate and holds exactly the key that is to be certified, for the same person and profile.
 */
async function assertHolderSigned(
  directory: RenewalCa['directory'],
  { replaces, subjectPublicKeyInfo, applicant, profileId, origin }: RenewalRequest,
  { renewalId, document, signature }: HolderSignature,
): Promise<void> {
  const replaced = await directory.find(replaces.authorityId, replaces.serialNumber);
  const signer = readSingleSigner(signature);
  const { certificate, certificationRequest } = parseRenewalDocument(document);
  const request = parseCertificationRequest(Buffer.from(certificationRequest, 'base64'));
  const holds =
    replaced !== undefined &&
    origin === `renewal:${renewalId}` &&
    signer.content.equals(document) &&
    signer.faultWith(parseCertificate(replaced.bytes)) === undefined &&
    certificate.authority === replaces.authorityId &&
    certificate.serialNumber === replaces.serialNumber.toString('hex') &&
    request.subjectPublicKeyInfo.equals(subjectPublicKeyInfo) &&
    replaced.applicant.nationalId === applicant.nationalId &&
    replaced.profileId === profileId;
  if (!holds) throw new CaError('signature-wrong', 'the holder has not signed for this certificate');
}
