// What the agent does with a card, as far as the console has to know; the ticket carries operation and input.

export type CardKeyPurpose = 'signing' | 'authentication';
export type CardKeyType = 'rsa-2048' | 'p-256';

/**
 * `blank`: nothing on it yet. `transport`: the PIN of the card's way here, to be replaced. `unknown`: set, and the card does
 * not say whether by the holder. `last-try`: the next wrong PIN locks it.
 */
export type CardPinState = 'blank' | 'transport' | 'set' | 'unknown' | 'wrong-before' | 'last-try' | 'locked';

export interface CardToken {
  serial: string;
  label: string;
  model: string;
  manufacturer: string;
  /** Name of the row in the table of card types. */
  cardType: string;
  /** The PIN is typed at the reader. */
  pinPad: boolean;
  pinState: CardPinState;
}

export interface CardReader {
  /** Number of the slot, for messages. */
  slot: number;
  reader: string;
  /** Absent: no card, or one that no module knows. */
  token?: CardToken;
}

export interface CardKey {
  /** CKA_ID, hexadecimal. */
  id: string;
  label: string;
  keyType?: CardKeyType;
  purpose?: CardKeyPurpose;
  /** SubjectPublicKeyInfo, base64 DER. */
  subjectPublicKeyInfo: string;
}

export interface CardCertificate {
  /** CKA_ID, hexadecimal: that of its key; empty for an issuer's. */
  id: string;
  label: string;
  /** SHA-256 over the DER, lowercase hexadecimal. */
  sha256: string;
  /** Base64 DER. */
  certificate: string;
}

/** Operations with their inputs and results. Octets are base64 (with padding), hashes lowercase hexadecimal. */
export interface CardOperations {
  'list-readers': { input: Record<string, never>; result: { readers: CardReader[] } };
  'read-card': {
    input: { cardSerial: string };
    result: CardToken & { keys: CardKey[]; certificates: CardCertificate[] };
  };
  /** `puk`: `unchanged` where the card takes a PUK only when it is initialised, and was initialised before. */
  'set-pin': { input: { cardSerial: string }; result: { pin: 'set'; puk: 'set' | 'unchanged' } };
  'make-key': {
    input: { cardSerial: string; keyType: CardKeyType; purpose: CardKeyPurpose };
    result: {
      certificationRequest: string;
      subjectPublicKeyInfo: string;
      keyId: string;
      /** The card asks for the PIN before each signature. */
      alwaysAuthenticate: boolean;
    };
  };
  'write-certificates': {
    /** The leaf first; its key is on the card. */
    input: { cardSerial: string; certificates: string[] };
    /** Of the same certificates in the same order, as read back from the card. */
    result: { readBack: string[] };
  };
  sign: {
    input: {
      cardSerial: string;
      purpose: CardKeyPurpose;
      content: string;
      /** Shown at the prompt; at most 4,000 characters. */
      display: string;
      mimeType?: string;
    };
    /** CAdES B-B, enveloping, with the chain that is on the card. */
    result: { signature: string };
  };
  'unblock-pin': { input: { cardSerial: string }; result: { pin: 'set' } };
  /** Destroys all keys and certificates of the purposes; those that are gone already are no fault. */
  'destroy-keys': {
    input: { cardSerial: string; purposes?: CardKeyPurpose[] };
    result: { destroyed: number };
  };
}

export type OperationName = keyof CardOperations;
