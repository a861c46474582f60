import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { CreationOptions, RequestOptions } from '../../ra/passkeys/passkey-ceremony.ts';

/** What a test makes an authenticator do wrong. */
export interface Misbehaviour {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  userVerified?: boolean;
  userPresent?: boolean;
  signCount?: number;
  credentialId?: Buffer;
}

export interface AuthenticatorOptions {
  counts?: boolean;
  privateKey?: KeyObject;
  credentialId?: Buffer;
}

interface ClientData {
  type: string;
  challenge: string;
  origin: string;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED_CREDENTIAL = 0x40;

/**
 * A WebAuthn authenticator with one P-256 key, and the browser before it (WebAuthn L2 §6): for demonstrations and tests, where
 * nobody is there to touch a key.
 */
export class SoftwareAuthenticator {
  readonly credentialId: Buffer;
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #coseKey: Buffer;
  readonly #counts: boolean;
  #signCount = 0;

  /**
   * Without a counter, as passkeys that are on several devices: their signatures may arrive in any order. With a key and the id of a
   * credential it is the passkey that was made of them before.
   */
  constructor(origin: string, { counts = true, privateKey, credentialId }: AuthenticatorOptions = {}) {
    this.#origin = origin;
    this.#counts = counts;
    this.#privateKey = privateKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    this.credentialId = credentialId ?? randomBytes(32);
    this.#coseKey = coseKeyOf(createPublicKey(this.#privateKey));
  }

  /** `navigator.credentials.create`: RegistrationResponseJSON. */
  create({ challenge, rp }: CreationOptions, wrong: Misbehaviour = {}) {
    const clientDataJSON = this.#clientData(
      { type: 'webauthn.create', challenge, origin: this.#origin },
      wrong,
    );
    const attested = Buffer.concat([
      // No make: AAGUID of zeros.
      Buffer.alloc(16),
      uint16(this.credentialId.length),
      this.credentialId,
      this.#coseKey,
    ]);
    const authData = Buffer.concat([this.#authenticatorData(rp.id, ATTESTED_CREDENTIAL, wrong), attested]);
    const attestationObject = cborMap([
      [cborText('fmt'), cborText('none')],
      [cborText('attStmt'), cborMap([])],
      [cborText('authData'), cborBytes(authData)],
    ]);
    return {
      ...this.#envelope(wrong),
      response: { clientDataJSON, attestationObject: base64Url(attestationObject), transports: ['internal'] },
    };
  }

  /** `navigator.credentials.get`: AuthenticationResponseJSON. */
  get({ challenge, rpId }: RequestOptions, wrong: Misbehaviour = {}) {
    this.#signCount = wrong.signCount ?? this.#signCount + (this.#counts ? 1 : 0);
    const clientDataJSON = this.#clientData({ type: 'webauthn.get', challenge, origin: this.#origin }, wrong);
    const authenticatorData = this.#authenticatorData(rpId, 0, wrong);
    const clientDataHash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([authenticatorData, clientDataHash]), this.#privateKey);
    return {
      ...this.#envelope(wrong),
      response: {
        clientDataJSON,
        authenticatorData: base64Url(authenticatorData),
        signature: base64Url(signature),
      },
    };
  }

  #envelope({ credentialId = this.credentialId }: Misbehaviour) {
    const id = base64Url(credentialId);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  }

  #clientData(right: ClientData, { type, challenge, origin }: Misbehaviour): string {
    const said = {
      type: type ?? right.type,
      challenge: challenge ?? right.challenge,
      origin: origin ?? right.origin,
      crossOrigin: false,
    };
    return base64Url(Buffer.from(JSON.stringify(said), 'utf8'));
  }

  #authenticatorData(rpId: string, flags: number, wrong: Misbehaviour): Buffer {
    const { userPresent = true, userVerified = true } = wrong;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#signCount);
    return Buffer.concat([
      createHash('sha256')
        .update(wrong.rpId ?? rpId)
        .digest(),
      Buffer.from([flags | (userPresent ? USER_PRESENT : 0) | (userVerified ? USER_VERIFIED : 0)]),
      counter,
    ]);
  }
}

/** EC2 key of ES256 (RFC 9053 §7.1.1). */
function coseKeyOf(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: 'jwk' });
  return cborMap([
    [cborInteger(1), cborInteger(2)],
    [cborInteger(3), cborInteger(-7)],
    [cborInteger(-1), cborInteger(1)],
    [cborInteger(-2), cborBytes(Buffer.from(x!, 'base64url'))],
    [cborInteger(-3), cborBytes(Buffer.from(y!, 'base64url'))],
  ]);
}

// As much CBOR (RFC 8949 §3) as an authenticator writes.

function cborHead(majorType: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(majorType << 5) | argument]);
  if (argument < 0x100) return Buffer.from([(majorType << 5) | 24, argument]);
  return Buffer.concat([Buffer.from([(majorType << 5) | 25]), uint16(argument)]);
}

function cborInteger(value: number): Buffer {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
}

function cborBytes(octets: Buffer): Buffer {
  return Buffer.concat([cborHead(2, octets.length), octets]);
}

function cborText(text: string): Buffer {
  const octets = Buffer.from(text, 'utf8');
  return Buffer.concat([cborHead(3, octets.length), octets]);
}

function cborMap(entries: readonly [Buffer, Buffer][]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}

function uint16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}

function base64Url(octets: Buffer): string {
  return octets.toString('base64url');
}
