import { digest } from '../../pki/digest-algorithm.ts';
import type { KeyType } from '../../pki/key-type.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import type { Passphrase } from '../passphrase.ts';
import { CKA, CKO, CKU_CONTEXT_SPECIFIC } from '../pkcs11/constants.ts';
import type { Handle } from '../pkcs11/cryptoki.ts';
import { chooseMechanism } from '../pkcs11/signing-mechanism.ts';
import type { Signer } from '../signer.ts';
import { CardError } from './card-error.ts';
import { algorithmOf } from '../key-type.ts';
import { isTrue, objectsOf } from './card-objects.ts';
import { textOf } from './open-card.ts';
import type { OpenToken } from './open-card.ts';

/** A key pair by what is known of it. */
export interface SigningKey {
  id: Buffer;
  label: string;
  keyType: KeyType | undefined;
  /** DER. */
  subjectPublicKeyInfo: Buffer;
}

/** RSA-4096 gives 512 octets. */
const SIGNATURE_OCTETS_MAX = 1024;

/** pkcs11js hands bare pointers to its worker threads; what they read is kept from the garbage collector here. */
const inFlight = new Set<Buffer>();

/** A signer over a key of a card that is logged in to with this PIN (none: at the reader's pad); it lasts as long as the card is open. */
export function cardSigner(card: OpenToken, key: SigningKey, pin: Passphrase | undefined): Signer {
  const algorithm = algorithmFor(key);
  const privateKey = privateKeyOf(card, key);
  const mechanism = chooseMechanism(algorithm, card.cryptoki.C_GetMechanismList(card.slot));
  const alwaysAuthenticate = isTrue(card, privateKey, CKA.alwaysAuthenticate);
  return {
    label: `${card.label} ${key.label}`,
    algorithm,
    subjectPublicKeyInfo: key.subjectPublicKeyInfo,
    sign: async (message) => {
      const { hash } = mechanism;
      const input = hash ? hash.wrap(digest(hash.name, message)) : Buffer.from(message);
      const signature = Buffer.alloc(SIGNATURE_OCTETS_MAX);
      const { cryptoki, session } = card;
      inFlight.add(input).add(signature);
      try {
        cryptoki.C_SignInit(session, mechanism, privateKey);
        // PKCS #11 3.0 §5.6.8: between C_SignInit and the signature.
        if (alwaysAuthenticate) cryptoki.C_Login(session, CKU_CONTEXT_SPECIFIC, textOf(pin));
        return mechanism.output(await cryptoki.C_SignAsync(session, input, signature));
      } finally {
        inFlight.delete(input);
        inFlight.delete(signature);
      }
    },
  };
}

/** The first algorithm of its type: SHA-256 for what cards have. */
function algorithmFor({ keyType, label }: SigningKey): SignatureAlgorithmName {
  if (keyType) return algorithmOf(keyType);
  throw new CardError('card-cannot', `"${label}" is a key that nothing here signs with`);
}

function privateKeyOf(card: OpenToken, { id, label }: SigningKey): Handle {
  const found = objectsOf(card, CKO.privateKey, { id });
  if (found.length === 1) return found[0].handle;
  throw new CardError('key-not-found', `${card.label} has no private key "${label}"`);
}
