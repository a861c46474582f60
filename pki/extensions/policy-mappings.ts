import { openWhole } from '../der/decode.ts';
import { TAG } from '../der/tag.ts';
import { oidOf } from '../der/values.ts';
import { PkiError } from '../pki-error.ts';

export interface PolicyMapping {
  issuerDomainPolicy: string;
  subjectDomainPolicy: string;
}

/** PolicyMappings (RFC 5280 §4.2.1.5); throws PkiError `der-malformed`, also for an empty list. */
export function parsePolicyMappings(value: Uint8Array): PolicyMapping[] {
  const list = openWhole(value);
  const mappings: PolicyMapping[] = [];
  while (!list.atEnd) {
    const one = list.into(TAG.sequence);
    const issuerDomainPolicy = oidOf(one.read(TAG.oid));
    const subjectDomainPolicy = oidOf(one.read(TAG.oid));
    one.end();
    mappings.push({ issuerDomainPolicy, subjectDomainPolicy });
  }
  if (mappings.length === 0) throw new PkiError('der-malformed', 'policyMappings without a mapping');
  return mappings;
}
