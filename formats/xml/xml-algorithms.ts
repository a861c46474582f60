import { DIGEST_OCTETS } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { SIGNATURE_SCHEMES } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName, SignatureScheme } from '../../pki/signature-algorithm.ts';
import { FormatError } from '../format-error.ts';
import type { CanonicalizationMethod } from './canonicalize.ts';
import { NAMESPACE } from './namespaces.ts';
import { attributeNamed, childNamed, textOf } from './xml-node.ts';
import type { XmlElement } from './xml-node.ts';

// Algorithm identifiers of XML Signature (§6), RFC 9231 and the canonicalizations' own specifications.

const MORE_2001 = 'http://www.w3.org/2001/04/xmldsig-more#';
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#';
const MORE_2021 = 'http://www.w3.org/2021/04/xmldsig-more#';
const ENCRYPTION = 'http://www.w3.org/2001/04/xmlenc#';

const DIGESTS = new Map<string, DigestName>([
  [`${NAMESPACE.signature}sha1`, 'sha1'],
  [`${ENCRYPTION}sha256`, 'sha256'],
  [`${MORE_2001}sha384`, 'sha384'],
  [`${ENCRYPTION}sha512`, 'sha512'],
]);

const SIGNATURES = new Map<string, SignatureScheme>([
  [`${NAMESPACE.signature}rsa-sha1`, { kind: 'rsa-pkcs1', digest: 'sha1' }],
  [`${MORE_2001}rsa-sha256`, SIGNATURE_SCHEMES['rsa-sha256']],
  [`${MORE_2001}rsa-sha384`, SIGNATURE_SCHEMES['rsa-sha384']],
  [`${MORE_2001}rsa-sha512`, SIGNATURE_SCHEMES['rsa-sha512']],
  [`${MORE_2007}sha256-rsa-MGF1`, SIGNATURE_SCHEMES['rsa-pss-sha256']],
  [`${MORE_2007}sha384-rsa-MGF1`, SIGNATURE_SCHEMES['rsa-pss-sha384']],
  [`${MORE_2007}sha512-rsa-MGF1`, SIGNATURE_SCHEMES['rsa-pss-sha512']],
  [`${MORE_2001}ecdsa-sha1`, { kind: 'ecdsa', digest: 'sha1' }],
  [`${MORE_2001}ecdsa-sha256`, SIGNATURE_SCHEMES['ecdsa-sha256']],
  [`${MORE_2001}ecdsa-sha384`, SIGNATURE_SCHEMES['ecdsa-sha384']],
  [`${MORE_2001}ecdsa-sha512`, SIGNATURE_SCHEMES['ecdsa-sha512']],
  [`${NAMESPACE.signature}dsa-sha1`, { kind: 'dsa', digest: 'sha1' }],
  ['http://www.w3.org/2009/xmldsig11#dsa-sha256', { kind: 'dsa', digest: 'sha256' }],
  [`${MORE_2021}eddsa-ed25519`, SIGNATURE_SCHEMES.ed25519],
  [`${MORE_2021}eddsa-ed448`, { kind: 'ed448', digest: null }],
]);

const CANONICALIZATIONS = new Map<string, CanonicalizationMethod>(
  (
    [
      ['http://www.w3.org/TR/2001/REC-xml-c14n-20010315', '#WithComments', 'inclusive-1.0'],
      ['http://www.w3.org/2006/12/xml-c14n11', '#WithComments', 'inclusive-1.1'],
      [NAMESPACE.exclusive, 'WithComments', 'exclusive'],
    ] as const
  ).flatMap(([uri, suffix, kind]) => [
    [uri, { kind, comments: false }],
    [uri + suffix, { kind, comments: true }],
  ]),
);

export const EXCLUSIVE_CANONICALIZATION = NAMESPACE.exclusive;

/** A prefix list is compared with each element: more than any document has prefixes. */
const PREFIXES_MAX = 64;

export function algorithmOf(element: XmlElement): string {
  const uri = attributeNamed(element, 'Algorithm');
  if (uri === undefined) throw new FormatError('xml-malformed', `${element.localName} without Algorithm`);
  return uri;
}

/** Throws PkiError `algorithm-unsupported`. */
export function digestOfMethod(element: XmlElement): DigestName {
  return DIGESTS.get(algorithmOf(element)) ?? unsupported(element);
}

export function digestUri(name: DigestName): string {
  return [...DIGESTS].find(([, candidate]) => candidate === name)![0];
}

/** Scheme of a SignatureMethod; throws PkiError `algorithm-unsupported` or FormatError `xml-malformed`. */
export function schemeOfMethod(element: XmlElement): SignatureScheme {
  if (algorithmOf(element) === `${MORE_2007}rsa-pss`) return pssScheme(element);
  return SIGNATURES.get(algorithmOf(element)) ?? unsupported(element);
}

/** SignatureMethod's URI; throws PkiError `algorithm-unsupported` for one that XML signatures have no name for. */
export function signatureUri(name: SignatureAlgorithmName): string {
  const found = [...SIGNATURES].find(([, scheme]) => scheme === SIGNATURE_SCHEMES[name]);
  if (!found) throw new PkiError('algorithm-unsupported', `no XML signature algorithm for ${name}`);
  return found[0];
}

/** Undefined: the algorithm is no canonicalization. */
export function canonicalizationOf(element: XmlElement): CanonicalizationMethod | undefined {
  const method = CANONICALIZATIONS.get(algorithmOf(element));
  if (method?.kind !== 'exclusive') return method;
  const list = childNamed(element, NAMESPACE.exclusive, 'InclusiveNamespaces');
  const prefixes = (list && attributeNamed(list, 'PrefixList'))?.split(/[ \t\r\n]+/).filter(Boolean) ?? [];
  if (prefixes.length > PREFIXES_MAX)
    throw new FormatError('xml-malformed', `more than ${PREFIXES_MAX} inclusive prefixes`);
  return { ...method, inclusivePrefixes: prefixes };
}

/** Throws PkiError `algorithm-unsupported` where it is no canonicalization. */
export function requiredCanonicalizationOf(element: XmlElement): CanonicalizationMethod {
  return canonicalizationOf(element) ?? unsupported(element);
}

/** RFC 9231 §2.3.9: SHA-256 and a salt of its length where the parameters say nothing else. */
function pssScheme(element: XmlElement): SignatureScheme {
  const params = childNamed(element, NAMESPACE.pss, 'RSAPSSParams');
  const digestMethod = childNamed(params, NAMESPACE.signature, 'DigestMethod');
  const digest = digestMethod ? digestOfMethod(digestMethod) : 'sha256';
  const mgf = childNamed(params, NAMESPACE.pss, 'MaskGenerationFunction');
  const mgfMethod = childNamed(mgf, NAMESPACE.signature, 'DigestMethod');
  const mgfDigest = mgfMethod ? digestOfMethod(mgfMethod) : digest;
  // node:crypto takes one digest for both; nothing in the field mixes them.
  if (mgfDigest !== digest) throw new PkiError('algorithm-unsupported', 'RSASSA-PSS with two digests');
  const salt = childNamed(params, NAMESPACE.pss, 'SaltLength');
  const saltText = salt ? textOf(salt).trim() : String(DIGEST_OCTETS[digest]);
  if (!/^[0-9]{1,3}$/.test(saltText)) throw new PkiError('algorithm-unsupported', 'RSASSA-PSS salt length');
  return { kind: 'rsa-pss', digest, mgfDigest, saltOctets: Number(saltText) };
}

function unsupported(element: XmlElement): never {
  const uri = algorithmOf(element)
    .replace(/[^\x21-\x7e]/g, '?')
    .slice(0, 100);
  throw new PkiError('algorithm-unsupported', `${element.localName} ${uri}`);
}
