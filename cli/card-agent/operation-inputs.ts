import { CARD_KEY_TYPES } from '../../keys/card/card-type.ts';
import type { CardKeyType } from '../../keys/card/card-type.ts';
import { CARD_KEY_PURPOSES } from '../../keys/card/card-purpose.ts';
import type { CardKeyPurpose } from '../../keys/card/card-purpose.ts';
import { isObject } from '../../core/is-object.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { AgentError } from './agent-error.ts';

/** What is to be signed, and what is shown of it. */
export interface Document {
  content: Buffer;
  display: string;
  mimeType?: string;
  detached?: boolean;
}

/** What the service orders, read and checked. */
export type CardOrder =
  | { operation: 'list-readers' }
  | { operation: 'read-card'; cardSerial: string }
  | { operation: 'set-pin'; cardSerial: string }
  | { operation: 'make-key'; cardSerial: string; keyType: CardKeyType; purpose: CardKeyPurpose }
  | { operation: 'write-certificates'; cardSerial: string; certificates: Certificate[] }
  | { operation: 'sign'; cardSerial: string; purpose: CardKeyPurpose; document: Document }
  | { operation: 'unblock-pin'; cardSerial: string }
  | { operation: 'destroy-keys'; cardSerial: string; purposes: readonly CardKeyPurpose[] };

export type OperationName = CardOrder['operation'];

const CERTIFICATES_MAX = 6;
const DISPLAY_CHARACTERS_MAX = 4000;
/** A prescription has some 10 KiB; a receipt less. */
const CONTENT_OCTETS_MAX = 131_072;

type Fields = Record<string, unknown>;

/** Members of each input, and how they become an order. */
const READERS: { [Name in OperationName]: { members: string[]; read(fields: Fields): CardOrder } } = {
  'list-readers': { members: [], read: () => ({ operation: 'list-readers' }) },
  'read-card': ofCard('read-card'),
  'set-pin': ofCard('set-pin'),
  'unblock-pin': ofCard('unblock-pin'),
  'make-key': {
    members: ['cardSerial', 'keyType', 'purpose'],
    read: (fields) => ({
      operation: 'make-key',
      cardSerial: serialOf(fields),
      keyType: oneOf(CARD_KEY_TYPES, fields.keyType, 'keyType'),
      purpose: purposeIn(fields),
    }),
  },
  'write-certificates': {
    members: ['cardSerial', 'certificates'],
    read: (fields) => ({
      operation: 'write-certificates',
      cardSerial: serialOf(fields),
      certificates: certificatesIn(fields),
    }),
  },
  sign: {
    members: ['cardSerial', 'purpose', 'content', 'display', 'mimeType'],
    read: (fields) => ({
      operation: 'sign',
      cardSerial: serialOf(fields),
      purpose: purposeIn(fields),
      document: readDocument(fields),
    }),
  },
  'destroy-keys': {
    members: ['cardSerial', 'purposes'],
    read: (fields) => ({
      operation: 'destroy-keys',
      cardSerial: serialOf(fields),
      purposes: purposesIn(fields),
    }),
  },
};

/** Reads operation and input of a ticket; throws AgentError `request-malformed`. */
export function readOperation(operation: unknown, input: unknown): CardOrder {
  if (typeof operation !== 'string' || !Object.hasOwn(READERS, operation))
    throw malformed('an operation that this agent does not know');
  const reader = READERS[operation as OperationName];
  if (!isObject(input)) throw malformed('input is no object');
  const unknown = Object.keys(input).find((name) => !reader.members.includes(name));
  if (unknown !== undefined) throw malformed(`${operation} takes no ${unknown.slice(0, 40)}`);
  return reader.read(input);
}

/** Reads what is to be signed. */
export function readDocument(fields: Fields): Document {
  const { content, display, mimeType, detached } = fields;
  if (typeof display !== 'string' || display === '' || display.length > DISPLAY_CHARACTERS_MAX)
    throw malformed(`display has 1 to ${DISPLAY_CHARACTERS_MAX} characters`);
  if (
    mimeType !== undefined &&
    !(typeof mimeType === 'string' && /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(mimeType))
  )
    throw malformed('mimeType is no media type');
  if (detached !== undefined && typeof detached !== 'boolean') throw malformed('detached is no boolean');
  return {
    content: base64(content, 'content', CONTENT_OCTETS_MAX),
    display,
    ...(mimeType !== undefined && { mimeType }),
    ...(detached !== undefined && { detached }),
  };
}

function ofCard(operation: 'read-card' | 'set-pin' | 'unblock-pin'): (typeof READERS)['read-card'] {
  return { members: ['cardSerial'], read: (fields) => ({ operation, cardSerial: serialOf(fields) }) };
}

/** What PKCS#11 has room for (CK_TOKEN_INFO), in characters that no prompt or log can be misled by. */
export function serialOf({ cardSerial }: Fields): string {
  if (typeof cardSerial === 'string' && /^[A-Za-z0-9._-]{1,16}$/.test(cardSerial)) return cardSerial;
  throw malformed('cardSerial has 1 to 16 letters, digits, dots, hyphens or underscores');
}

function purposeIn({ purpose }: Fields): CardKeyPurpose {
  return oneOf(CARD_KEY_PURPOSES, purpose, 'purpose');
}

function purposesIn({ purposes }: Fields): readonly CardKeyPurpose[] {
  if (purposes === undefined) return CARD_KEY_PURPOSES;
  if (!Array.isArray(purposes) || purposes.length === 0 || purposes.length > CARD_KEY_PURPOSES.length)
    throw malformed('purposes is no list of purposes');
  return purposes.map((purpose) => oneOf(CARD_KEY_PURPOSES, purpose, 'purposes'));
}

function certificatesIn({ certificates }: Fields): Certificate[] {
  if (!Array.isArray(certificates) || certificates.length === 0 || certificates.length > CERTIFICATES_MAX)
    throw malformed(`certificates has 1 to ${CERTIFICATES_MAX} entries`);
  return certificates.map((one: unknown) => {
    try {
      return parseCertificate(base64(one, 'certificates', CONTENT_OCTETS_MAX));
    } catch (cause) {
      if (cause instanceof PkiError) throw malformed('certificates has one that cannot be read');
      throw cause;
    }
  });
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown, name: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw malformed(`${name} is one of ${allowed.join(', ')}`);
  return found;
}

function base64(value: unknown, name: string, octetsMax: number): Buffer {
  if (typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0) {
    const octets = Buffer.from(value, 'base64');
    if (octets.length <= octetsMax) return octets;
  }
  throw malformed(`${name} is base64 of at most ${octetsMax} octets`);
}

function malformed(detail: string): AgentError {
  return new AgentError('request-malformed', detail);
}
