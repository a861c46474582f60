import type { Certificate } from '../../pki/certificate.ts';
import { sameName } from '../../pki/name.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { keyTypeOf } from '../key-type.ts';
import type { Passphrase } from '../passphrase.ts';
import { CKA, CKF } from '../pkcs11/constants.ts';
import { closeSession, openSession } from '../pkcs11/session-pool.ts';
import { findPrivateKey } from '../pkcs11/token-objects.ts';
import { attributeOf } from '../pkcs11/token-objects.ts';
import { readPublicKey } from '../pkcs11/token-public-key.ts';
import { findSlot, login } from '../pkcs11/token.ts';
import type { Pkcs11Uri } from '../pkcs11-uri.ts';
import type { Signer } from '../signer.ts';
import { certificatesOf } from './card-certificates.ts';
import { CardError } from './card-error.ts';
import { CardModule } from './card-module.ts';
import { cardSigner } from './card-signer.ts';
import type { OpenToken } from './open-card.ts';

/** A key of a token, its certificate where the token has one, and the issuers that are there. */
export interface TokenKey {
  signer: Signer;
  certificate: Certificate | undefined;
  chain: Certificate[];
}

/** Longer chains are circles. */
const CHAIN_MAX = 8;

/**
 * Opens the key that a URI names on any PKCS#11 token, card or not, for a piece of work; the PIN is asked of `readPin`, and
 * given again before each signature where the token wants that. Throws KeyError and CardError.
 */
export async function withTokenKey<T>(
  uri: Pkcs11Uri,
  readPin: () => Promise<Passphrase | undefined>,
  work: (key: TokenKey) => Promise<T>,
): Promise<T> {
  const module = await CardModule.load(uri.modulePath);
  return module.use(uri.label, async (cryptoki) => {
    const slot = findSlot(cryptoki, uri);
    const session = openSession(cryptoki, slot, CKF.rwSession);
    try {
      const isAtPad = (cryptoki.C_GetTokenInfo(slot).flags & CKF.protectedAuthenticationPath) !== 0;
      const pin = isAtPad ? undefined : await readPin();
      login(cryptoki, { slot, session, pin });
      const token: OpenToken = { cryptoki, slot, session, label: uri.label };
      return await work(keyOf(token, uri, pin));
    } finally {
      closeSession(cryptoki, session);
    }
  });
}

function keyOf(token: OpenToken, uri: Pkcs11Uri, pin: Passphrase | undefined): TokenKey {
  const { cryptoki, session } = token;
  const privateKey = findPrivateKey(cryptoki, session, uri);
  const id = attributeOf(cryptoki, session, privateKey, CKA.id);
  if (!id) throw new CardError('key-not-found', `${uri.label}: the key has no CKA_ID`);
  const subjectPublicKeyInfo = readPublicKey(cryptoki, session, privateKey);
  const keyType = keyTypeOf(importPublicKey(subjectPublicKeyInfo));
  const signer = cardSigner(token, { id, label: uri.label, keyType, subjectPublicKeyInfo }, pin);
  const there = certificatesOf(token).map(({ certificate }) => certificate);
  const certificate = there.find((one) => one.subjectPublicKeyInfo.equals(subjectPublicKeyInfo));
  return { signer, certificate, chain: certificate ? issuersOf(certificate, there) : [] };
}

/** Upwards from a certificate, as far as the token has its issuers; a root is left out: who verifies has it. */
function issuersOf(certificate: Certificate, there: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  for (let last = certificate; chain.length < CHAIN_MAX; last = chain[chain.length - 1]) {
    const issuer = there.find((one) => sameName(one.subject, last.issuer));
    if (!issuer || sameName(issuer.subject, issuer.issuer)) break;
    chain.push(issuer);
  }
  return chain;
}
