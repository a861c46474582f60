import { CMS } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { valuesOf } from './attribute.ts';
import { BerReader } from './ber-reader.ts';
import type { SignerInfo } from './signer-info.ts';

/** The digest that a signer states for the content (RFC 5652 §11.2), not verified; undefined when it states none that can be read. */
export function messageDigestOf({ signedAttributes }: SignerInfo): Buffer | undefined {
  const [value] = valuesOf(signedAttributes?.list ?? [], CMS.messageDigest);
  try {
    return value && new BerReader(value).readOctets();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
