import { Cursor, openWhole } from '../der/decode.ts';
import type { Element } from '../der/decode.ts';
import { TAG, contextPrimitive } from '../der/tag.ts';
import { bigintOf } from '../der/values.ts';
import { PkiError } from '../pki-error.ts';

/** After how many more certificates each rule begins to hold. */
export interface PolicyConstraints {
  requireExplicitPolicy?: number;
  inhibitPolicyMapping?: number;
}

/** PolicyConstraints (RFC 5280 §4.2.1.11); throws PkiError `der-malformed`, also when it constrains nothing. */
export function parsePolicyConstraints(value: Uint8Array): PolicyConstraints {
  const fields = openWhole(value);
  const explicit = fields.readOptional(contextPrimitive(0));
  const mapping = fields.readOptional(contextPrimitive(1));
  fields.end();
  if (!explicit && !mapping) throw new PkiError('der-malformed', 'policyConstraints constrain nothing');
  return {
    ...(explicit && { requireExplicitPolicy: skipCerts(explicit) }),
    ...(mapping && { inhibitPolicyMapping: skipCerts(mapping) }),
  };
}

/** InhibitAnyPolicy (RFC 5280 §4.2.1.14): after how many more certificates anyPolicy stands for nothing. */
export function parseInhibitAnyPolicy(value: Uint8Array): number {
  const cursor = new Cursor(value);
  const skip = skipCerts(cursor.read(TAG.integer));
  cursor.end();
  return skip;
}

/** SkipCerts ::= INTEGER (0..MAX); more than any path has certificates is as good as that many. */
function skipCerts(element: Element): number {
  const count = bigintOf(element);
  if (count < 0n) throw new PkiError('der-malformed', `SkipCerts ${count}`);
  return count > BigInt(SKIP_CERTS_MAX) ? SKIP_CERTS_MAX : Number(count);
}

const SKIP_CERTS_MAX = 1_000_000;
