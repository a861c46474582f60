import { randomBytes } from 'node:crypto';

import { importPublicKey } from '../../pki/public-key.ts';
import { KeyError } from '../key-error.ts';
import { algorithmOf, keyTypeOf } from '../key-type.ts';
import { CKA, CKO } from '../pkcs11/constants.ts';
import type { Handle } from '../pkcs11/cryptoki.ts';
import { returnValueOf } from '../pkcs11/cryptoki-error.ts';
import { TOKEN_KEY_KINDS } from '../pkcs11/key-kinds.ts';
import type { Attributes } from '../pkcs11/key-kinds.ts';
import { signOnlyTemplates } from '../pkcs11/sign-only-templates.ts';
import type { PairTemplates } from '../pkcs11/sign-only-templates.ts';
import { chooseMechanism } from '../pkcs11/signing-mechanism.ts';
import { attributeOf } from '../pkcs11/token-objects.ts';
import { readPublicKey } from '../pkcs11/token-public-key.ts';
import { CardError } from './card-error.ts';
import { destroyAll, isTrue, objectsOf } from './card-objects.ts';
import { PURPOSE_LABELS, purposeOf } from './card-purpose.ts';
import type { CardKeyPurpose } from './card-purpose.ts';
import type { CardKeyType } from './card-type.ts';
import type { OpenCard } from './open-card.ts';

/** A key pair on a card, as anybody sees it who asks: by its public half. */
export interface CardKey {
  id: Buffer;
  label: string;
  purpose: CardKeyPurpose;
  keyType: CardKeyType | undefined;
  /** DER. */
  subjectPublicKeyInfo: Buffer;
}

const ID_OCTETS = 8;

/** The key pairs on a card that have a purpose here; OpenSC also shows a public key for each certificate. */
export function keysOf(card: OpenCard): CardKey[] {
  return objectsOf(card, CKO.publicKey).flatMap(({ handle, id, label }) => {
    const purpose = purposeOf(label);
    const subjectPublicKeyInfo = publicKeyOf(card, handle);
    if (!purpose || !subjectPublicKeyInfo) return [];
    const keyType = keyTypeOf(importPublicKey(subjectPublicKeyInfo));
    const known = keyType === 'rsa-2048' || keyType === 'p-256' ? keyType : undefined;
    return [{ id, label, purpose, keyType: known, subjectPublicKeyInfo }];
  });
}

/**
 * Makes a key pair on a card that is logged in to: it signs, does nothing else, never leaves the card, and asks for the PIN
 * before each signature where the card has that. Throws CardError `card-cannot` or `key-exportable` (the key is destroyed
 * again). A card that is pulled meanwhile may keep halves of it: `destroyCardKeys` clears them.
 */
export async function makeCardKey(
  card: OpenCard,
  { purpose, keyType }: { purpose: CardKeyPurpose; keyType: CardKeyType },
): Promise<CardKey & { alwaysAuthenticate: boolean }> {
  assertCan(card, keyType);
  const id = randomBytes(ID_OCTETS);
  const label = PURPOSE_LABELS[purpose];
  const templates = signOnlyTemplates({ label, id }, TOKEN_KEY_KINDS[keyType]!.parameters);
  const { privateKey, isHeeded } = await generate(card, keyType, templates);
  assertKeptInside(card, privateKey, id);
  const subjectPublicKeyInfo = readPublicKey(card.cryptoki, card.session, privateKey);
  const isReported = isTrue(card, privateKey, CKA.alwaysAuthenticate);
  const alwaysAuthenticate = isReported || (isHeeded && !card.type.reportsProtection);
  return { id, label, purpose, keyType, subjectPublicKeyInfo, alwaysAuthenticate };
}

/** Destroys keys and certificates of purposes, halves as well; how many objects there were. Needs a login. */
export function destroyCardKeys(card: OpenCard, purposes: readonly CardKeyPurpose[]): number {
  const labels = purposes.map((purpose) => PURPOSE_LABELS[purpose]);
  // The private key first: what a pulled card keeps is then of no use to anybody.
  const classes = [CKO.privateKey, CKO.publicKey, CKO.certificate];
  const counts = labels.flatMap((label) =>
    classes.map((objectClass) => destroyAll(card, objectsOf(card, objectClass, { label }))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Refuses with `card-cannot` what the card cannot make, or could make and then not sign with. */
function assertCan({ cryptoki, slot, type }: OpenCard, keyType: CardKeyType): void {
  const offered = cryptoki.C_GetMechanismList(slot);
  if (!type.keyTypes.includes(keyType) || !offered.includes(TOKEN_KEY_KINDS[keyType]!.mechanism))
    throw new CardError('card-cannot', `cards of type ${type.name} make no keys of type ${keyType} here`);
  const algorithm = algorithmOf(keyType);
  try {
    chooseMechanism(algorithm, offered);
  } catch (cause) {
    const detail = `cards of type ${type.name} make keys of type ${keyType}, and do not sign with ${algorithm}`;
    throw new CardError('card-cannot', detail, { cause });
  }
}

const ALWAYS_AUTHENTICATE = { type: CKA.alwaysAuthenticate, value: true };
/** Return values by which a token refuses an attribute rather than the key. */
const ATTRIBUTE_REFUSALS = [
  'CKR_ATTRIBUTE_TYPE_INVALID',
  'CKR_ATTRIBUTE_VALUE_INVALID',
  'CKR_TEMPLATE_INCONSISTENT',
];

async function generate(
  { cryptoki, session }: OpenCard,
  keyType: CardKeyType,
  templates: PairTemplates,
): Promise<{ privateKey: Handle; isHeeded: boolean }> {
  const { mechanism } = TOKEN_KEY_KINDS[keyType]!;
  const make = (ofPrivate: Attributes) =>
    cryptoki.C_GenerateKeyPairAsync(session, { mechanism }, templates.public, ofPrivate);
  try {
    const pair = await make([...templates.private, ALWAYS_AUTHENTICATE]);
    return { privateKey: pair.privateKey, isHeeded: true };
  } catch (error) {
    if (!ATTRIBUTE_REFUSALS.includes(returnValueOf(error) ?? '')) throw error;
    return { privateKey: (await make(templates.private)).privateKey, isHeeded: false };
  }
}

/** Asks the card rather than believe that it heeded the template; where its module reports nothing, tries to read the secret. */
function assertKeptInside(card: OpenCard, privateKey: Handle, id: Buffer): void {
  const is = (attribute: number): boolean => isTrue(card, privateKey, attribute);
  const isReported = is(CKA.sensitive) && is(CKA.alwaysSensitive) && is(CKA.neverExtractable);
  const isKept =
    !is(CKA.extractable) &&
    (isReported || !card.type.reportsProtection) &&
    [CKA.value, CKA.privateExponent].every((secret) => isHidden(card, privateKey, secret));
  if (isKept) return;
  for (const objectClass of [CKO.privateKey, CKO.publicKey])
    destroyAll(card, objectsOf(card, objectClass, { id }));
  throw new CardError('key-exportable', 'the card made a key that could leave it; the key was destroyed');
}

function isHidden({ cryptoki, session }: OpenCard, privateKey: Handle, secret: number): boolean {
  try {
    return attributeOf(cryptoki, session, privateKey, secret) === undefined;
  } catch (error) {
    if (returnValueOf(error) === 'CKR_ATTRIBUTE_SENSITIVE') return true;
    throw error;
  }
}

/** A public key object by itself, for `readPublicKey` starts at private keys. */
function publicKeyOf({ cryptoki, session }: OpenCard, publicKey: Handle): Buffer | undefined {
  try {
    return readPublicKey(cryptoki, session, publicKey);
  } catch (error) {
    // Of a curve or kind that we do not know: not ours.
    if (error instanceof KeyError) return undefined;
    throw error;
  }
}
