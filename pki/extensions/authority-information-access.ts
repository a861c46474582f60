import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE, PKIX } from '../oid.ts';
import { encodeUri, readGeneralName } from './general-name.ts';
import type { GeneralName } from './general-name.ts';

export interface AccessDescription {
  method: string;
  location: GeneralName;
}

/** AuthorityInfoAccess (RFC 5280 §4.2.2.1) with the responder's and the issuer certificate's address. */
export function authorityInfoAccessExtension(uris: { ocsp?: string; caIssuers?: string }): Extension {
  const descriptions: Buffer[] = [];
  if (uris.ocsp) descriptions.push(asn1.sequence(asn1.oid(PKIX.ocsp), encodeUri(uris.ocsp)));
  if (uris.caIssuers) descriptions.push(asn1.sequence(asn1.oid(PKIX.caIssuers), encodeUri(uris.caIssuers)));
  return { oid: CE.authorityInfoAccess, critical: false, value: asn1.sequence(...descriptions) };
}

export function parseAuthorityInfoAccess(value: Uint8Array): AccessDescription[] {
  const list = openWhole(value);
  const descriptions: AccessDescription[] = [];
  while (!list.atEnd) {
    const one = list.into(TAG.sequence);
    const method = oidOf(one.read(TAG.oid));
    descriptions.push({ method, location: readGeneralName(one.next()) });
    one.end();
  }
  return descriptions;
}
