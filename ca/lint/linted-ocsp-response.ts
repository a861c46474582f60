import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { BasicOcspResponse, OcspResponse } from '../../pki/ocsp-response.ts';
import type { Lint } from './lint.ts';
import { publicKeyInfo } from './public-key-info.ts';

/** What an OCSP lint looks at; facts that the caller does not have make rules not applicable. */
export interface LintedOcspResponse {
  response: OcspResponse;
  /** The CA that issued the certificates that were asked for. */
  issuer?: Certificate;
  /** When the response is, or would be, given. */
  now?: Date;
}

export type OcspLint = Lint<LintedOcspResponse>;

/** Whether the response says that this certificate's key has signed it. */
export function isResponder({ responderId }: BasicOcspResponse, certificate: Certificate): boolean {
  if (responderId.kind === 'byName') return responderId.name.bytes.equals(certificate.subject.bytes);
  return responderId.keyHash.equals(digest('sha1', publicKeyInfo(certificate).key));
}

/** The responder's certificate among those sent; undefined when the CA itself has signed. */
export function responderCertificate(response: BasicOcspResponse): Certificate | undefined {
  return response.certificates.find((certificate) => isResponder(response, certificate));
}
