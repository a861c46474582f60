import type { Certificate } from '../pki/certificate.ts';
import type { CertificateIssuer } from '../ra/certificate-issuer.ts';
import type { HolderSession, HolderSignature, RenewalIssuer, RenewalRequest } from '../ra/renewal/renewal.ts';
import { issuanceRequestOf } from './ca-for-ra.ts';
import type { CaSide } from './ca-for-ra.ts';

export interface RenewalCa {
  ca: CaSide;
  forRa: Pick<CertificateIssuer, 'authorityFor' | 'hasIssued'>;
  /** Of every CA, also of generations that do not issue any more. */
  certificates: ReadonlyMap<string, Certificate>;
}

/** The certification authority as renewal wants it: the holder's signature authorises where else a second officer's does. */
export function caForRenewal({ ca, forRa, certificates }: RenewalCa): RenewalIssuer {
  const prepared = (
    { replaces, ...request }: RenewalRequest,
    authorization?: HolderSignature | HolderSession,
  ) =>
    ca.issuer.prepare({
      ...issuanceRequestOf(request),
      replaces,
      isRenewal: true,
      ...(authorization && { authorization }),
    });
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
      try {
        await ca.issuer.issue(await prepared(request, authorization), actor);
        await ca.whenVisible();
      } catch (error) {
        ca.onInterrupted(request.origin, error);
        throw error;
      }
    },
  };
}
