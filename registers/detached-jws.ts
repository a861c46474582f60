import { FlattenedSign, flattenedVerify, importJWK } from 'jose';
import type { CryptoKey, JWK } from 'jose';

import { DomainError } from '../core/errors.ts';

/** ECDSA on P-256 and Ed25519; the key decides which of them, never the message. */
const ALGORITHMS = ['ES256', 'EdDSA'];
/** A header with a key id, a type and a time has some 120 characters, a signature 86. */
const JWS_CHARACTERS_MAX = 2_048;
const KEYS_MAX = 100;

/** Header that carries the signature of a body, in requests and in answers. */
export const SIGNATURE_HEADER = 'x-jws-signature';

/** Types of what is signed: a signature of one is none of the other (RFC 8725 §3.11). */
export const JWS_TYPES = { answer: 'register-answer+jws', licenceMessage: 'licence-message+jws' } as const;

export interface VerifiedJws {
  keyId: string;
  /** The `iat` of the protected header. */
  signedAt?: Date;
}

type Keys = ReadonlyMap<string, { key: CryptoKey; algorithm: string }>;

/** Public keys of one register by their id, for signatures of one type. */
export class JwsVerifier {
  readonly #keys: Keys;
  readonly #type: string;

  private constructor(keys: Keys, type: string) {
    this.#keys = keys;
    this.#type = type;
  }

  /**
   * Takes the keys of a JWK set (RFC 7517 §5) whose member `register` names this register. Throws DomainError
   * `register-keys-malformed`.
   */
  static async of(jwks: unknown, register: string, type: string): Promise<JwsVerifier> {
    const keys = new Map<string, { key: CryptoKey; algorithm: string }>();
    for (const jwk of keysOf(jwks)) {
      if (jwk['register'] !== register) continue;
      const { kid, alg = '' } = jwk;
      if (!kid || keys.has(kid)) throw malformed('each key needs a kid of its own');
      if (!ALGORITHMS.includes(alg)) throw malformed(`key ${kid} has no alg among ${ALGORITHMS.join(', ')}`);
      if (jwk.d !== undefined) throw malformed(`key ${kid} is private: it belongs to the register alone`);
      keys.set(kid, { key: await publicKeyOf(jwk), algorithm: alg });
    }
    return new JwsVerifier(keys, type);
  }

  /**
   * Verifies a detached signature over a body; undefined when it is none of this type by one of the keys.
   * @see RFC 7515 appendix F
   */
  async verify(body: Buffer, jws: string | undefined): Promise<VerifiedJws | undefined> {
    if (jws === undefined || jws.length > JWS_CHARACTERS_MAX) return undefined;
    const [protectedHeader, payload, signature, ...more] = jws.split('.');
    if (!protectedHeader || payload !== '' || !signature || more.length > 0) return undefined;
    try {
      const verified = await flattenedVerify(
        { protected: protectedHeader, payload: body.toString('base64url'), signature },
        ({ kid, alg }) => this.#keyOf(kid, alg),
        { algorithms: ALGORITHMS },
      );
      const { kid, typ, iat } = verified.protectedHeader ?? {};
      if (!kid || typ !== this.#type) return undefined;
      return { keyId: kid, ...(typeof iat === 'number' && { signedAt: new Date(iat * 1000) }) };
    } catch {
      // jose throws for each of the many ways in which a signature can be none.
      return undefined;
    }
  }

  #keyOf(kid: string | undefined, alg: string | undefined): CryptoKey {
    const found = this.#keys.get(kid ?? '');
    if (found?.algorithm !== alg || !found) throw new Error('no such key');
    return found.key;
  }
}

/** Signs a body with a private JWK, detached. `iat` stands in the header when it is given. */
export async function signDetachedJws(
  body: Buffer,
  privateKey: JWK,
  type: string,
  signedAt?: Date,
): Promise<string> {
  const header = {
    alg: privateKey.alg!,
    kid: privateKey.kid!,
    typ: type,
    ...(signedAt && { iat: Math.floor(signedAt.getTime() / 1000) }),
  };
  const signed = await new FlattenedSign(body).setProtectedHeader(header).sign(await importJWK(privateKey));
  return `${signed.protected}..${signed.signature}`;
}

type RegisterJwk = JWK & { register?: string };

function keysOf(jwks: unknown): RegisterJwk[] {
  const keys = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
  if (!Array.isArray(keys)) throw malformed('not a JWK set');
  if (keys.length > KEYS_MAX) throw malformed(`${keys.length} keys, at most ${KEYS_MAX}`);
  return keys as RegisterJwk[];
}

async function publicKeyOf(jwk: JWK): Promise<CryptoKey> {
  try {
    const key = await importJWK(jwk);
    if (!(key instanceof Uint8Array)) return key;
  } catch (cause) {
    throw new DomainError('register-keys-malformed', `key ${jwk.kid} cannot be read`, { cause });
  }
  throw malformed(`key ${jwk.kid} is a shared secret`);
}

function malformed(detail: string): DomainError {
  return new DomainError('register-keys-malformed', detail);
}
