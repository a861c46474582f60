import { createHash, verify } from 'node:crypto';

import type { Signer } from '../../keys/signer.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { AuditError } from '../audit-error.ts';
import { KEY_ID_OCTETS } from './signed-note.ts';
import type { NoteSignature, SignedNote } from './signed-note.ts';

/** What an Ed25519 key signs: a note itself, or, as a witness, what it saw at a time. */
export type NoteKeyKind = 'ed25519' | 'cosignature';

const ALGORITHMS: Readonly<Record<NoteKeyKind, number>> = { ed25519: 0x01, cosignature: 0x04 };

/** A public key with its name. @see https://c2sp.org/signed-note */
export interface NoteKey {
  name: string;
  kind: NoteKeyKind;
  /** The 32 octets of RFC 8032. */
  publicKey: Buffer;
}

/** DER up to the key itself (RFC 8410 §4). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const PUBLIC_KEY_OCTETS = 32;
const TIMESTAMP_OCTETS = 8;
const SIGNATURE_OCTETS = 64;

function keyIdOf({ name, kind, publicKey }: NoteKey): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(ALGORITHMS[kind]))
    .update(publicKey)
    .digest()
    .subarray(0, KEY_ID_OCTETS);
}

/** `<name>+<id>+<algorithm and key>`, as verifiers are told a key. */
export function encodeNoteKey(key: NoteKey): string {
  const encoded = Buffer.concat([Buffer.of(ALGORITHMS[key.kind]), key.publicKey]).toString('base64');
  return `${key.name}+${keyIdOf(key).toString('hex')}+${encoded}`;
}

/** Throws AuditError `note-malformed`. */
export function parseNoteKey(text: string): NoteKey {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text);
  const octets = Buffer.from(match?.[3] ?? '', 'base64');
  const kind = (['ed25519', 'cosignature'] as const).find((one) => ALGORITHMS[one] === octets.at(0));
  if (match && kind && octets.length === 1 + PUBLIC_KEY_OCTETS) {
    const key = { name: match[1], kind, publicKey: octets.subarray(1) };
    if (keyIdOf(key).toString('hex') === match[2]) return key;
  }
  throw new AuditError('note-malformed', 'this is no key of a signed note');
}

/** The key of a signer; throws AuditError `note-malformed` unless it is an Ed25519 key. */
export function noteKeyOf(
  signer: Pick<Signer, 'subjectPublicKeyInfo'>,
  name: string,
  kind: NoteKeyKind,
): NoteKey {
  const { subjectPublicKeyInfo: spki } = signer;
  if (
    spki.length !== SPKI_HEAD.length + PUBLIC_KEY_OCTETS ||
    !spki.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)
  )
    throw new AuditError('note-malformed', 'logs and witnesses sign with Ed25519 keys');
  return { name, kind, publicKey: spki.subarray(SPKI_HEAD.length) };
}

export async function signNote(signer: Signer, key: NoteKey, text: string): Promise<NoteSignature> {
  return { name: key.name, keyId: keyIdOf(key), signature: await signer.sign(Buffer.from(text)) };
}

/** Signs, as a witness, that it has seen the note at a time. @see https://c2sp.org/tlog-cosignature */
export async function cosignNote(
  signer: Signer,
  key: NoteKey,
  text: string,
  at: Date,
): Promise<NoteSignature> {
  const seconds = Math.floor(at.getTime() / 1000);
  const stamp = Buffer.alloc(TIMESTAMP_OCTETS);
  stamp.writeBigUInt64BE(BigInt(seconds));
  const signature = await signer.sign(cosigned(text, seconds));
  return { name: key.name, keyId: keyIdOf(key), signature: Buffer.concat([stamp, signature]) };
}

/** Whether a line is a signature of the key on the text. */
export function isSignatureOf(
  key: NoteKey,
  text: string,
  { name, keyId, signature }: NoteSignature,
): boolean {
  if (name !== key.name || !keyId.equals(keyIdOf(key))) return false;
  if (key.kind === 'ed25519') return verifies(key, Buffer.from(text), signature);
  if (signature.length !== TIMESTAMP_OCTETS + SIGNATURE_OCTETS) return false;
  const seconds = Number(signature.readBigUInt64BE());
  return verifies(key, cosigned(text, seconds), signature.subarray(TIMESTAMP_OCTETS));
}

/** Throws AuditError `note-signature` unless one of the keys has signed. */
export function assertSigned({ text, signatures }: SignedNote, keys: readonly NoteKey[]): void {
  if (!keys.some((key) => signatures.some((one) => isSignatureOf(key, text, one))))
    throw new AuditError('note-signature', 'no key that is trusted has signed the note');
}

/** When a witness says that it has seen the note. */
export function cosignedAt({ signature }: NoteSignature): Date {
  return new Date(Number(signature.readBigUInt64BE()) * 1000);
}

function cosigned(text: string, seconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function verifies({ publicKey }: NoteKey, message: Buffer, signature: Buffer): boolean {
  try {
    return verify(null, message, importPublicKey(Buffer.concat([SPKI_HEAD, publicKey])), signature);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
