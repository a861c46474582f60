import { canonicalJson } from '../../core/canonical-json.ts';
import { FormatError } from '../format-error.ts';
import { decodeBase64, decodeBase64url } from './base64.ts';
import { listMember, objectMember, textMember } from './jose-header.ts';
import { isJsonObject, memberOf, parseJsonObject } from './json-value.ts';
import type { JsonObject, JsonValue } from './json-value.ts';

/** Identifies RFC 8785 as the canonicalization of components that stand in clear. */
export const JSON_CANONICALIZATION = 'http://json-canonicalization.org/algorithm';

/** What was added to a signature after it was made, in the order of its addition. */
export interface EtsiUComponent {
  name: string;
  value: JsonValue;
  /** As it stands in the array: base64url of a JSON object with this one member, or the object itself. */
  element: JsonValue;
}

const COMPONENTS_MAX = 128;
const TOKENS_MAX = 16;
const VALUES_MAX = 64;

/**
 * The components of the unprotected header's `etsiU`: all of them base64url, or all in clear. Throws FormatError `jws-malformed`.
 * @see ETSI TS 119 182-1 §5.3.1
 */
export function readEtsiU(unprotectedHeader: JsonObject): EtsiUComponent[] {
  const etsiU = memberOf(unprotectedHeader, 'etsiU');
  if (etsiU === undefined) return [];
  if (!Array.isArray(etsiU)) throw malformed('etsiU is no list');
  const elements = etsiU as readonly JsonValue[];
  if (elements.length > COMPONENTS_MAX)
    throw malformed(`etsiU has ${elements.length} components, at most ${COMPONENTS_MAX}`);
  if (new Set(elements.map((element) => typeof element)).size > 1)
    throw malformed('etsiU has components in base64url and in clear');
  return elements.map(readComponent);
}

function readComponent(element: JsonValue): EtsiUComponent {
  const component = typeof element === 'string' ? parseJsonObject(decodeBase64url(element)) : element;
  const [member, ...others] = isJsonObject(component) ? Object.entries(component) : [];
  if (!member || others.length > 0) throw malformed('a component of etsiU has not exactly one member');
  const [name, value] = member;
  return { name, value, element };
}

/** A component as it is added: in clear where those before it are. */
export function writeComponent(
  name: string,
  value: JsonObject | readonly JsonValue[],
  inClear: boolean,
): EtsiUComponent {
  const component = { [name]: value };
  const element = inClear ? component : Buffer.from(JSON.stringify(component), 'utf8').toString('base64url');
  return { name, value, element };
}

export interface ArchivedParts {
  /** What content time stamps are over. */
  signedData: Uint8Array;
  protectedText: string;
  signatureText: string;
  /** Those before the archive time stamp. */
  components: readonly EtsiUComponent[];
  canonicalization?: string | undefined;
}

/**
 * What an archive time stamp is over. Components in clear are put in the canonical form that the time stamp names; whole, as those in
 * base64url are. Throws FormatError `jws-malformed` for a canonical form that we do not know.
 * @see ETSI TS 119 182-1 §5.3.6.3
 */
export function archivedOctets(parts: ArchivedParts): Buffer {
  const point = Buffer.from('.');
  const components = parts.components.map(({ element }) =>
    Buffer.from(componentText(element, parts.canonicalization)),
  );
  return Buffer.concat([
    ...[
      parts.signedData,
      point,
      Buffer.from(parts.protectedText),
      point,
      Buffer.from(parts.signatureText),
      point,
    ],
    ...components,
  ]);
}

function componentText(element: JsonValue, canonicalization: string | undefined): string {
  if (typeof element === 'string') return element;
  if (canonicalization !== JSON_CANONICALIZATION)
    throw malformed(
      `canonicalization ${canonicalization ?? 'is not named'}, known is ${JSON_CANONICALIZATION}`,
    );
  return canonicalJson(element);
}

export interface TimeStampContainer {
  tokens: readonly Buffer[];
  canonicalization?: string;
}

/** RFC 3161 tokens of a tstContainer. Throws FormatError `jws-malformed`. @see ETSI TS 119 182-1 §5.4.3 */
export function readTimeStampContainer(value: JsonValue | undefined): TimeStampContainer {
  if (!isJsonObject(value)) throw malformed('a time stamp is no JSON object');
  const canonicalization = textMember(value, 'canonAlg');
  const timeStamped = memberOf(value, 'timeStamped');
  if (timeStamped !== undefined && timeStamped !== 'all')
    throw malformed('an archive time stamp over a part of the signature only');
  const tokens = listMember(value, 'tstTokens').map(readToken);
  if (tokens.length === 0 || tokens.length > TOKENS_MAX)
    throw malformed(`a time stamp has ${tokens.length} tokens, between 1 and ${TOKENS_MAX} are read`);
  return { tokens, ...(canonicalization !== undefined && { canonicalization }) };
}

function readToken(token: JsonValue): Buffer {
  if (!isJsonObject(token)) throw malformed('a time-stamp token is no JSON object');
  return pkiObject(token);
}

export function writeTimeStampContainer(token: Uint8Array, canonicalization?: string): JsonObject {
  return {
    ...(canonicalization !== undefined && { canonAlg: canonicalization }),
    tstTokens: [{ val: Buffer.from(token).toString('base64') }],
  };
}

/** DER of certificates, CRLs and OCSP responses. */
export interface JadesMaterial {
  certificates: readonly Buffer[];
  crls: readonly Buffer[];
  ocspResponses: readonly Buffer[];
}

/**
 * What a component brings along to validate with: `xVals`, `rVals`, those of attribute authorities, `tstVd` and `anyValData`; nothing for
 * any other. Throws FormatError `jws-malformed`.
 * @see ETSI TS 119 182-1 §5.3.5
 */
export function materialOf({ name, value }: Pick<EtsiUComponent, 'name' | 'value'>): JadesMaterial {
  switch (name) {
    case 'xVals':
    case 'axVals':
      return { ...NO_MATERIAL, certificates: readCertificates(value) };
    case 'rVals':
    case 'arVals':
      return { ...NO_MATERIAL, ...readRevocation(value) };
    case 'tstVd':
    case 'anyValData':
      if (!isJsonObject(value)) throw malformed(`${name} is no JSON object`);
      return {
        certificates: readCertificates(memberOf(value, 'xVals') ?? []),
        ...readRevocation(memberOf(value, 'rVals') ?? {}),
      };
    default:
      return NO_MATERIAL;
  }
}

const NO_MATERIAL: JadesMaterial = { certificates: [], crls: [], ocspResponses: [] };

function readCertificates(value: JsonValue): Buffer[] {
  if (!Array.isArray(value)) throw malformed('the certificates are no list');
  return bounded(value as readonly JsonValue[]).flatMap((entry) => {
    // What is no X.509 certificate stands as otherCert.
    const certificate = isJsonObject(entry) ? objectMember(entry, 'x509Cert') : undefined;
    return certificate ? [pkiObject(certificate)] : [];
  });
}

function readRevocation(value: JsonValue): Pick<JadesMaterial, 'crls' | 'ocspResponses'> {
  if (!isJsonObject(value)) throw malformed('the revocation values are no JSON object');
  const read = (name: string) =>
    bounded(listMember(value, name)).flatMap((entry) => (isJsonObject(entry) ? [pkiObject(entry)] : []));
  return { crls: read('crlVals'), ocspResponses: read('ocspVals') };
}

function bounded(entries: readonly JsonValue[]): readonly JsonValue[] {
  if (entries.length > VALUES_MAX) throw malformed(`${entries.length} values, at most ${VALUES_MAX}`);
  return entries;
}

/** A pkiOb: DER in base64 unless it says otherwise (§5.4.2). */
function pkiObject(object: JsonObject): Buffer {
  const value = textMember(object, 'val');
  if (value === undefined) throw malformed('a value in DER is missing');
  const encoding = textMember(object, 'encoding');
  if (encoding !== undefined && !/(^|[/#])DER$/i.test(encoding))
    throw malformed(`encoding ${encoding}, expected DER`);
  return decodeBase64(value);
}

export function writeCertificates(certificates: readonly Uint8Array[]): JsonValue[] {
  return certificates.map((certificate) => ({
    x509Cert: { val: Buffer.from(certificate).toString('base64') },
  }));
}

export function writeRevocation({ crls, ocspResponses }: Omit<JadesMaterial, 'certificates'>): JsonObject {
  const list = (values: readonly Uint8Array[]) =>
    values.map((value) => ({ val: Buffer.from(value).toString('base64') }));
  return {
    ...(crls.length > 0 && { crlVals: list(crls) }),
    ...(ocspResponses.length > 0 && { ocspVals: list(ocspResponses) }),
  };
}

function malformed(detail: string): FormatError {
  return new FormatError('jws-malformed', detail);
}
