import { FormatError } from '../../formats/format-error.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { resolveReference, sameDocument } from '../../formats/xml/resolve-reference.ts';
import type { ReferenceContext, ResolvedReference } from '../../formats/xml/resolve-reference.ts';
import { digestOfMethod } from '../../formats/xml/xml-algorithms.ts';
import { isNamed, isWithin } from '../../formats/xml/xml-node.ts';
import type { XmlDocument, XmlElement } from '../../formats/xml/xml-node.ts';
import type { XmlReference, XmlSignature } from '../../formats/xml/xml-signature.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Reason } from '../reason.ts';
import { SIGNED_PROPERTIES_TYPE } from '../../formats/xml/qualifying-properties.ts';
import type { QualifyingProperties } from '../../formats/xml/qualifying-properties.ts';
import type { XadesHouse } from './xades-house.ts';

export type ReferenceRole = 'content' | 'signed-properties' | 'key-info' | 'signature-value' | 'manifest';

/** A Reference, what it is to, and what speaks against it. */
export interface CheckedReference {
  reference: XmlReference;
  role: ReferenceRole;
  /** Absent: it was not handed in, or cannot be resolved. */
  resolved?: ResolvedReference;
  digest?: DigestName;
  reasons: readonly Reason[];
}

const MANIFEST_TYPE = `${NAMESPACE.signature}Manifest`;

/** Resolves and digests each Reference of a signature (XML Signature §3.2.1); never throws PkiError or FormatError. */
export function checkReferences(
  signature: XmlSignature,
  properties: QualifyingProperties | undefined,
  house: XadesHouse,
): CheckedReference[] {
  const context = referenceContext(signature, house);
  return signature.references.map((reference) => {
    try {
      return checkReference(reference, { signature, properties, context });
    } catch (cause) {
      return { reference, role: 'content', reasons: [reasonOf(cause)] };
    }
  });
}

export function referenceContext(signature: XmlSignature, house: XadesHouse): ReferenceContext {
  const outside = signature.references.filter(({ uri }) => uri === undefined || !/^(?:$|#)/.test(uri));
  const { document, ids, budget } = house;
  const external = (uri: string | undefined) => house.external(uri, outside.length === 1);
  return { document, ids, budget, signature: signature.element, external };
}

/** What a reader's error means for one signature. */
export function reasonOf(cause: unknown): Reason {
  if (cause instanceof FormatError) return { code: 'signature-malformed', text: cause.detail };
  if (!(cause instanceof PkiError)) throw cause;
  const code = cause.code === 'algorithm-unsupported' ? 'algorithm-unsupported' : 'signature-malformed';
  return { code, text: cause.detail };
}

interface CheckContext {
  signature: XmlSignature;
  properties: QualifyingProperties | undefined;
  context: ReferenceContext;
}

function checkReference(
  reference: XmlReference,
  { signature, properties, context }: CheckContext,
): CheckedReference {
  const { target } = sameDocument(reference.uri, context);
  const role = roleOf(reference, target, { signature, properties });
  const misplaced = target && placeReasons(target, role, signature);
  const resolved = resolveReference(reference, context);
  if (!resolved) {
    const text = 'what is signed is outside of the signature and was not handed in';
    return { reference, role, reasons: [{ code: 'content-missing', text }] };
  }
  const name = digestOfMethod(reference.digestMethod);
  const isSame = digest(name, resolved.octets).equals(reference.digestValue);
  const text = `${ROLE_NAMES[role]} is not what was signed: its digest differs from the signed one`;
  const reasons: Reason[] = isSame ? [] : [{ code: 'content-digest-differs', text }];
  return { reference, role, resolved, digest: name, reasons: [...(misplaced ?? []), ...reasons] };
}

const ROLE_NAMES: Record<ReferenceRole, string> = {
  content: 'the content',
  'signed-properties': 'SignedProperties',
  'key-info': 'KeyInfo',
  'signature-value': 'the countersigned SignatureValue',
  manifest: 'the Manifest',
};

function roleOf(
  { type }: XmlReference,
  target: XmlElement | XmlDocument | undefined,
  { signature, properties }: Pick<CheckContext, 'signature' | 'properties'>,
): ReferenceRole {
  const isProperties = properties !== undefined && target === properties.signed;
  // §4.4.2: a Reference says by its type that it signs them; one that says so and signs something else deceives.
  if (isProperties !== (type === SIGNED_PROPERTIES_TYPE))
    throw new FormatError(
      'xml-malformed',
      'SignedProperties are referenced without their type, or it without them',
    );
  if (isProperties) return 'signed-properties';
  if (target !== undefined && target === signature.keyInfo) return 'key-info';
  if (target?.kind === 'element' && isNamed(target, NAMESPACE.signature, 'SignatureValue'))
    return 'signature-value';
  return type === MANIFEST_TYPE ? 'manifest' : 'content';
}

/**
 * Where a signer puts what is signed: around the signature, beside it or one of its ancestors, or in an Object of it. Anywhere else
 * somebody has put it away, so that something else stands in its place (signature wrapping).
 */
function placeReasons(
  target: XmlElement | XmlDocument,
  role: ReferenceRole,
  signature: XmlSignature,
): Reason[] {
  if (target.kind === 'document' || role === 'signed-properties' || role === 'key-info') return [];
  if (role === 'signature-value') return [];
  const { element } = signature;
  const isWithinOwn = isWithin(target, element);
  const isExpected = isWithinOwn
    ? signature.objects.some((object) => isWithin(target, object)) && !isAmongProperties(target)
    : isWithin(element, target) || (target.parent !== undefined && isWithin(element, target.parent));
  if (isExpected) return [];
  const text = 'what is signed stands where no signer puts it: it was moved (signature wrapping)';
  return [{ code: 'signed-part-moved', text }];
}

function isAmongProperties(target: XmlElement): boolean {
  for (let at: XmlElement | undefined = target; at; at = at.parent)
    if (at.namespace === NAMESPACE.xades || at.namespace === NAMESPACE.xades141) return true;
  return false;
}
