import { isJsonObject, memberOf } from './json-value.ts';
import type { JsonObject, JsonValue } from './json-value.ts';

/** Parameters of RFC 7515 and 7518, which `crit` never names (RFC 7515 §4.1.11). */
const NEVER_CRITICAL = new Set([
  ...['alg', 'jku', 'jwk', 'kid', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'typ', 'cty', 'crit'],
  ...['epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c', 'enc', 'zip'],
]);

/**
 * Extensions that we understand: RFC 7797's, and those of JAdES (ETSI TS 119 182-1 §5.1.11 and §5.2). What a signer commits to or claims
 * to be is understood in that the report does not build on it.
 */
const UNDERSTOOD = new Set([
  ...['b64', 'iat', 'sigT', 'x5t#o', 'sigX5ts', 'srCms', 'sigPl', 'srAts', 'adoTst', 'sigPId', 'sigD'],
]);

/** Why a header cannot be honoured; undefined when it can. */
export function faultOfHeader(
  protectedHeader: JsonObject,
  unprotectedHeader: JsonObject,
): string | undefined {
  const twice = Object.keys(unprotectedHeader).find((name) => Object.hasOwn(protectedHeader, name));
  // RFC 7515 §7.2.1.
  if (twice !== undefined)
    return `${JSON.stringify(twice)} stands in the protected and in the unprotected header`;
  if (Object.hasOwn(unprotectedHeader, 'alg'))
    return 'the algorithm stands in the unprotected header, where anybody can change it';
  const outside = ['crit', 'b64', 'sigD'].find((name) => Object.hasOwn(unprotectedHeader, name));
  if (outside !== undefined) return `${outside} stands in the unprotected header`;
  return faultOfEncoding(protectedHeader) ?? faultOfCritical(protectedHeader);
}

/** RFC 7797 §6: who does not know `b64` must refuse, or would verify other octets. */
function faultOfEncoding(header: JsonObject): string | undefined {
  const b64 = memberOf(header, 'b64');
  if (b64 === undefined) return undefined;
  if (typeof b64 !== 'boolean') return 'b64 is neither true nor false';
  const crit = memberOf(header, 'crit');
  if (b64 || (Array.isArray(crit) && crit.includes('b64'))) return undefined;
  return 'b64 is false and crit does not name it';
}

/** RFC 7515 §4.1.11. */
function faultOfCritical(header: JsonObject): string | undefined {
  const crit = memberOf(header, 'crit');
  if (crit === undefined) return undefined;
  if (!Array.isArray(crit) || crit.length === 0) return 'crit is no list, or an empty one';
  const names = crit as readonly JsonValue[];
  if (new Set(names).size !== names.length) return 'crit names a parameter twice';
  for (const name of names) {
    const fault = faultOfCriticalName(name, header);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfCriticalName(name: JsonValue, header: JsonObject): string | undefined {
  if (typeof name !== 'string') return 'crit names something that is no text';
  if (NEVER_CRITICAL.has(name)) return `crit names ${name}, which every reader knows`;
  if (!Object.hasOwn(header, name))
    return `crit names ${JSON.stringify(name)}, which the header does not have`;
  return UNDERSTOOD.has(name)
    ? undefined
    : `crit asks for ${JSON.stringify(name)}, which is not understood here`;
}

/** The media type of `cty`: without a slash, `application/` was left out (RFC 7515 §4.1.10). */
export function mediaTypeOf(cty: JsonValue | undefined): string | undefined {
  if (typeof cty !== 'string' || cty === '') return undefined;
  return cty.includes('/') ? cty : `application/${cty}`;
}

/** The shortest way to write it. */
export function ctyOf(mediaType: string): string {
  const [, short] = /^application\/([^/]+)$/.exec(mediaType) ?? [];
  return short ?? mediaType;
}

export function objectMember(object: JsonObject, name: string): JsonObject | undefined {
  const value = memberOf(object, name);
  return isJsonObject(value) ? value : undefined;
}

export function listMember(object: JsonObject, name: string): readonly JsonValue[] {
  const value = memberOf(object, name);
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

export function textMember(object: JsonObject, name: string): string | undefined {
  const value = memberOf(object, name);
  return typeof value === 'string' ? value : undefined;
}
