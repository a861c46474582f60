import { openWhole } from '../../pki/der/decode.ts';
import type { Element } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { oidOf, textOf } from '../../pki/der/values.ts';
import { PKIX } from '../../pki/oid.ts';

/** A policy with everything that RFC 5280 §4.2.1.4 regulates in its qualifiers. */
export interface LintedPolicy {
  policy: string;
  qualifiers: PolicyQualifier[];
}

export type PolicyQualifier =
  | { kind: 'cps'; uri: string; tag: number }
  | { kind: 'userNotice'; hasNoticeReference: boolean; explicitText?: { text: string; tag: number } }
  | { kind: 'other'; id: string };

/** Reads CertificatePolicies with all qualifiers; throws PkiError `der-malformed`. */
export function readPolicies(value: Uint8Array): LintedPolicy[] {
  const list = openWhole(value);
  const policies: LintedPolicy[] = [];
  while (!list.atEnd) {
    const information = list.into(TAG.sequence);
    const policy = oidOf(information.read(TAG.oid));
    const qualifiers = information.intoOptional(TAG.sequence);
    policies.push({ policy, qualifiers: qualifiers ? [...qualifiers.elements()].map(readQualifier) : [] });
    information.end();
  }
  return policies;
}

function readQualifier(element: Element): PolicyQualifier {
  const cursor = openWhole(element.bytes);
  const id = oidOf(cursor.read(TAG.oid));
  if (id === PKIX.cps) {
    const uri = cursor.next();
    return { kind: 'cps', uri: uri.content.toString('latin1'), tag: uri.tag };
  }
  if (id !== PKIX.userNotice) return { kind: 'other', id };
  const notice = cursor.into(TAG.sequence);
  const hasNoticeReference = notice.readOptional(TAG.sequence) !== undefined;
  if (notice.atEnd) return { kind: 'userNotice', hasNoticeReference };
  const text = notice.next();
  return { kind: 'userNotice', hasNoticeReference, explicitText: { text: textOf(text), tag: text.tag } };
}
