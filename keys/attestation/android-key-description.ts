import { Cursor, openWhole } from '../../pki/der/decode.ts';
import type { Element } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { booleanOf, numberOf } from '../../pki/der/values.ts';
import { AttestationError } from './attestation-error.ts';

/** The certificate extension in which an Android device describes a key. */
export const KEY_DESCRIPTION = '1.3.6.1.4.1.11129.2.1.17';

/** Keymaster 2 to 4.1 (1–4), KeyMint 1 to 4 (100–400); one that is not known may mean something else by the same words. */
const VERSIONS: readonly number[] = [1, 2, 3, 4, 100, 200, 300, 400];

/** SecurityLevel, by its number. */
export const SECURITY_LEVELS = ['software', 'trusted-environment', 'strongbox'] as const;
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

/**
 * KeyDescription, as far as a rule asks for it.
 *
 * @see https://source.android.com/docs/security/features/keystore/attestation#schema
 */
export interface KeyDescription {
  version: number;
  /** Of what signed the attestation. */
  attestationLevel: SecurityLevel;
  /** Of what holds the key. */
  keyLevel: SecurityLevel;
  challenge: Buffer;
  /** What Android itself says: as good as its system, and no better. */
  softwareEnforced: AuthorizationList;
  /** What the secure environment says. */
  hardwareEnforced: AuthorizationList;
}

/** By the number of the tag. */
export type AuthorizationList = ReadonlyMap<number, Element>;

/** Numbers of AuthorizationList's tags. */
export const AUTHORIZATION = {
  purpose: 1,
  algorithm: 2,
  keySize: 3,
  ecCurve: 10,
  allApplications: 600,
  origin: 702,
  rootOfTrust: 704,
  osPatchLevel: 706,
  attestationApplicationId: 709,
} as const;

/** More tags than any version has. */
const TAGS_MAX = 128;

/** Reads the extension's value; throws PkiError `der-malformed`, or AttestationError `attestation-version`. */
export function parseKeyDescription(value: Buffer): KeyDescription {
  const cursor = openWhole(value);
  const version = numberOf(cursor.read(TAG.integer));
  if (!VERSIONS.includes(version))
    throw new AttestationError(
      'attestation-version',
      `version ${version} of the description is not known here`,
    );
  const attestationLevel = levelOf(cursor.read(TAG.enumerated));
  cursor.read(TAG.integer);
  const keyLevel = levelOf(cursor.read(TAG.enumerated));
  const challenge = cursor.read(TAG.octetString).content;
  cursor.read(TAG.octetString);
  const softwareEnforced = readList(cursor.into(TAG.sequence));
  const hardwareEnforced = readList(cursor.into(TAG.sequence));
  cursor.end();
  return { version, attestationLevel, keyLevel, challenge, softwareEnforced, hardwareEnforced };
}

/** INTEGER of a tag; undefined when the list does not have it. */
export function integerIn(list: AuthorizationList, tag: number): number | undefined {
  const found = list.get(tag);
  return found && numberOf(only(found, TAG.integer));
}

/** SET OF INTEGER of a tag. */
export function integersIn(list: AuthorizationList, tag: number): number[] {
  const found = list.get(tag);
  return found ? [...openWhole(only(found, TAG.set).bytes, TAG.set).elements()].map(numberOf) : [];
}

export interface RootOfTrust {
  isLocked: boolean;
  /** VerifiedBootState: 0 verified, 1 self-signed, 2 unverified, 3 failed. */
  bootState: number;
}

export function rootOfTrustIn(list: AuthorizationList): RootOfTrust | undefined {
  const found = list.get(AUTHORIZATION.rootOfTrust);
  if (!found) return undefined;
  const cursor = openWhole(only(found, TAG.sequence).bytes);
  cursor.read(TAG.octetString);
  const isLocked = booleanOf(cursor.read(TAG.boolean));
  const bootState = numberOf(cursor.read(TAG.enumerated));
  // verifiedBootHash, from version 3 on.
  cursor.readOptional(TAG.octetString);
  cursor.end();
  return { isLocked, bootState };
}

export interface ApplicationIdentity {
  packageNames: string[];
  signerSha256: Buffer[];
}

/** The app that had the key made: AttestationApplicationId, DER in an OCTET STRING. */
export function applicationIn(list: AuthorizationList): ApplicationIdentity | undefined {
  const found = list.get(AUTHORIZATION.attestationApplicationId);
  if (!found) return undefined;
  const cursor = openWhole(only(found, TAG.octetString).content);
  const packageNames: string[] = [];
  const packages = cursor.into(TAG.set);
  while (!packages.atEnd) {
    const one = packages.into(TAG.sequence);
    packageNames.push(one.read(TAG.octetString).contentText('utf8'));
    one.read(TAG.integer);
    one.end();
  }
  const signerSha256 = [...cursor.into(TAG.set).elements()].map(({ content }) => content);
  cursor.end();
  return { packageNames, signerSha256 };
}

function levelOf(element: Element): SecurityLevel {
  const level = SECURITY_LEVELS[numberOf(element)];
  if (level) return level;
  throw new AttestationError('attestation-level', 'it names a level of security that is not known here');
}

/** Each tag once: of two, a reader would believe the first and another the last. */
function readList(cursor: Cursor): AuthorizationList {
  const list = new Map<number, Element>();
  for (const element of cursor.elements()) {
    const number = tagNumber(element.tag);
    if (list.has(number) || list.size === TAGS_MAX)
      throw new AttestationError('attestation-unreadable', 'an authorization stands there twice');
    list.set(number, element);
  }
  return list;
}

/** Number of an explicit context-specific tag, from its identifier octets (X.690 §8.1.2.4). */
function tagNumber(tag: number): number {
  const octets = Buffer.from(tag.toString(16).padStart(8, '0'), 'hex').subarray(-identifierOctets(tag));
  const [first, ...rest] = octets;
  if ((first & 0xe0) !== 0xa0)
    throw new AttestationError('attestation-unreadable', 'an authorization is not tagged as one');
  return rest.length === 0 ? first & 0x1f : rest.reduce((number, octet) => number * 0x80 + (octet & 0x7f), 0);
}

function identifierOctets(tag: number): number {
  return Math.ceil(tag.toString(16).length / 2);
}

/** The one element inside an explicit tag. */
function only({ content }: Element, tag: number): Element {
  const cursor = new Cursor(content);
  const inner = cursor.read(tag);
  cursor.end();
  return inner;
}
