import * as asn1 from '../der/encode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE, PKIX } from '../oid.ts';
import { uriString } from './general-name.ts';

export interface PolicyInformation {
  policy: string;
  /** URI of the certification practice statement. */
  cpsUri?: string;
}

/** CertificatePolicies (RFC 5280 §4.2.1.4), not critical. */
export function certificatePoliciesExtension(policies: readonly PolicyInformation[]): Extension {
  return {
    oid: CE.certificatePolicies,
    critical: false,
    value: asn1.sequence(...policies.map(encodePolicy)),
  };
}

export function parseCertificatePolicies(value: Uint8Array): PolicyInformation[] {
  const list = openWhole(value);
  const policies: PolicyInformation[] = [];
  while (!list.atEnd) {
    const info = list.into(TAG.sequence);
    const policy = oidOf(info.read(TAG.oid));
    let cpsUri: string | undefined;
    for (const qualifier of info.intoOptional(TAG.sequence)?.elements() ?? []) {
      const cursor = openWhole(qualifier.bytes);
      if (oidOf(cursor.read(TAG.oid)) === PKIX.cps) cpsUri = cursor.next().content.toString('latin1');
    }
    info.end();
    policies.push({ policy, ...(cpsUri !== undefined && { cpsUri }) });
  }
  return policies;
}

function encodePolicy({ policy, cpsUri }: PolicyInformation): Buffer {
  if (cpsUri === undefined) return asn1.sequence(asn1.oid(policy));
  const qualifier = asn1.sequence(asn1.oid(PKIX.cps), uriString(cpsUri));
  return asn1.sequence(asn1.oid(policy), asn1.sequence(qualifier));
}
