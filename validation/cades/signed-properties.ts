import { valuesOf } from '../../pki/cms/attribute.ts';
import type { CmsAttribute } from '../../pki/cms/attribute.ts';
import { Cursor, openWhole } from '../../pki/der/decode.ts';
import type { Element } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { isStringTag, oidOf, textOf } from '../../pki/der/values.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { SignedProperties } from '../presented-signature.ts';

type Field = keyof SignedProperties;

/** How each attribute of ETSI EN 319 122-1 §5.2 is read; one that cannot be read says nothing. */
const READERS: Readonly<Record<string, (value: Buffer) => Partial<SignedProperties>>> = {
  [CMS.signaturePolicy]: (value) => ({ signaturePolicy: policyOf(value) }),
  [CMS.commitmentType]: (value) => ({
    commitmentTypes: [oidOf(openWhole(value, TAG.sequence, 'ber').read(TAG.oid))],
  }),
  [CMS.signerAttributes]: (value) => ({ claimedRoles: claimedAttributes(value) }),
  [CMS.signerAttributesV2]: (value) => ({ claimedRoles: claimedAttributes(value) }),
  [CMS.signerLocation]: (value) => ({ productionPlace: textsIn(new Cursor(value, 'ber')).join(', ') }),
  [CMS.mimeType]: (value) => ({ mediaType: textOf(new Cursor(value, 'ber').next()) }),
  [CMS.contentHint]: (value) => ({ contentHint: textsIn(new Cursor(value, 'ber')).join(', ') }),
};

/** What the signed attributes say beside the content; undefined: nothing. */
export function signedPropertiesOf(attributes: readonly CmsAttribute[]): SignedProperties | undefined {
  let properties: SignedProperties | undefined;
  for (const { type } of attributes) {
    const read = READERS[type];
    if (!read) continue;
    for (const value of valuesOf(attributes, type)) properties = merged(properties, readable(read, value));
  }
  return properties;
}

/** Several commitments stand in one attribute; of everything else the first counts. */
function merged(
  before: SignedProperties | undefined,
  more: Partial<SignedProperties>,
): SignedProperties | undefined {
  if (Object.keys(more).length === 0) return before;
  const commitmentTypes = [...new Set([...(before?.commitmentTypes ?? []), ...(more.commitmentTypes ?? [])])];
  return { ...more, ...before, ...(commitmentTypes.length > 0 && { commitmentTypes }) };
}

function readable(
  read: (value: Buffer) => Partial<SignedProperties>,
  value: Buffer,
): Partial<SignedProperties> {
  try {
    const fields = Object.entries(read(value)) as [Field, unknown][];
    return Object.fromEntries(fields.filter(([, said]) => said !== '' && !isEmptyList(said)));
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return {};
  }
}

function isEmptyList(said: unknown): boolean {
  return Array.isArray(said) && said.length === 0;
}

/** SignaturePolicyId, or NULL for one that is implied (§5.2.9.1). */
function policyOf(value: Buffer): string {
  const element = new Cursor(value, 'ber').next();
  if (element.tag === TAG.null) return 'implied';
  return oidOf(openWhole(value, TAG.sequence, 'ber').read(TAG.oid));
}

/** claimedAttributes [0] of signer-attributes (§5.2.6): Attributes whose values are texts. */
function claimedAttributes(value: Buffer): string[] {
  const claimed = openWhole(value, TAG.sequence, 'ber').intoOptional(context(0));
  return claimed ? textsIn(claimed) : [];
}

const TEXTS_MAX = 16;
const DEPTH_MAX = 6;

/** All strings in a structure, in their order; a claim is to be read by people. */
function textsIn(cursor: Cursor, depth = 0): string[] {
  const texts: string[] = [];
  for (const element of cursor.elements()) {
    texts.push(...textsOf(element, cursor, depth));
    if (texts.length >= TEXTS_MAX) break;
  }
  return texts.slice(0, TEXTS_MAX);
}

function textsOf(element: Element, cursor: Cursor, depth: number): string[] {
  if (isStringTag(element.tag)) return [textOf(element)];
  const isConstructed = element.tag <= 0xff && (element.tag & 0x20) !== 0;
  return isConstructed && depth < DEPTH_MAX ? textsIn(cursor.open(element), depth + 1) : [];
}
