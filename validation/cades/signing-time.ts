import { valuesOf } from '../../pki/cms/attribute.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { Cursor } from '../../pki/der/decode.ts';
import { timeOf } from '../../pki/der/values.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';

/** The signing-time that the signer claims (RFC 5652 §11.3); undefined when there is none, several, or one that cannot be read. */
export function claimedSigningTime(signer: SignerInfo): Date | undefined {
  const values = valuesOf(signer.signedAttributes?.list ?? [], CMS.signingTime);
  if (values.length !== 1) return undefined;
  try {
    return timeOf(new Cursor(values[0], 'ber').next());
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}
