import type { Certificate } from '../pki/certificate.ts';
import { isNamedBy } from '../pki/cms/is-named-by.ts';
import { parseTimeStampToken } from '../pki/tsp/time-stamp-token.ts';
import { SigningError } from './signing-error.ts';

/**
 * The certificate that made a time-stamp token, and all that the token carries; `embedded` may have it where the token was asked for
 * without certificates. Throws PkiError as `parseTimeStampToken`, and SigningError `augmentation-not-possible` for a token without it.
 */
export function stamperOf(
  token: Uint8Array,
  embedded: readonly Certificate[] = [],
): { certificate: Certificate; embedded: readonly Certificate[] } {
  const { certificates, signerInfos } = parseTimeStampToken(token).signedData;
  const [{ sid }] = signerInfos;
  const certificate = [...certificates, ...embedded].find((one) => isNamedBy(sid, one));
  if (certificate) return { certificate, embedded: certificates };
  throw new SigningError(
    'augmentation-not-possible',
    'a time stamp does not carry the certificate of its authority',
  );
}
