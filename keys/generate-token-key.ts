import { randomBytes } from 'node:crypto';

import type { KeyType } from '../pki/key-type.ts';
import { KeyError } from './key-error.ts';
import type { Passphrase } from './passphrase.ts';
import { CKA, CKF, CKO } from './pkcs11/constants.ts';
import type { Cryptoki, Handle } from './pkcs11/cryptoki.ts';
import { keyErrorOf } from './pkcs11/cryptoki-error.ts';
import { pinReader } from './pkcs11/pin-reader.ts';
import { TOKEN_KEY_KINDS } from './pkcs11/key-kinds.ts';
import { signOnlyTemplates } from './pkcs11/sign-only-templates.ts';
import { loadModule } from './pkcs11/pkcs11-module.ts';
import { closeSession, openSession } from './pkcs11/session-pool.ts';
import { attributeOf, findObjects } from './pkcs11/token-objects.ts';
import { readPublicKey } from './pkcs11/token-public-key.ts';
import { findSlot, login } from './pkcs11/token.ts';
import { parsePkcs11Uri } from './pkcs11-uri.ts';
import type { Pkcs11Uri } from './pkcs11-uri.ts';

const ID_OCTETS = 16;

/**
 * Makes a key on a token that signs, does nothing else and never leaves it, under the URI's object label and its id (a
 * random one when it has none); resolves with the SubjectPublicKeyInfo (DER). Throws KeyError `key-exists`,
 * `key-exportable` when the token made it otherwise (it is destroyed again), `key-type-not-allowed`, and what opening throws.
 */
export async function generateTokenKey(options: {
  uri: string;
  keyType: KeyType;
  pin?: Passphrase;
}): Promise<Buffer> {
  const uri = parsePkcs11Uri(options.uri);
  if (uri.object === undefined) {
    throw new KeyError('pkcs11-uri-malformed', 'a new key needs a name: object=… is missing');
  }
  const module = await loadModule(uri.modulePath);
  module.acquire();
  try {
    const pin = await pinReader(uri, options.pin)();
    return await module.during(() => generateOn(module.cryptoki, uri, options.keyType, pin));
  } catch (error) {
    throw keyErrorOf(error, uri.label);
  } finally {
    module.release();
  }
}

async function generateOn(
  cryptoki: Cryptoki,
  uri: Pkcs11Uri,
  keyType: KeyType,
  pin: Passphrase | undefined,
): Promise<Buffer> {
  const kind = TOKEN_KEY_KINDS[keyType];
  const slot = findSlot(cryptoki, uri);
  if (!kind || !cryptoki.C_GetMechanismList(slot).includes(kind.mechanism)) {
    throw new KeyError('key-type-not-allowed', `the token makes no keys of type ${keyType}`);
  }
  const session = openSession(cryptoki, slot, CKF.rwSession);
  try {
    login(cryptoki, { slot, session, pin });
    assertFree(cryptoki, session, uri);
    const { mechanism, parameters } = kind;
    const named = { label: uri.object!, id: uri.id ?? randomBytes(ID_OCTETS) };
    const templates = signOnlyTemplates(named, parameters);
    const pair = await cryptoki.C_GenerateKeyPairAsync(
      session,
      { mechanism },
      templates.public,
      templates.private,
    );
    assertKeptInside(cryptoki, session, [pair.privateKey, pair.publicKey]);
    return readPublicKey(cryptoki, session, pair.privateKey);
  } finally {
    closeSession(cryptoki, session);
  }
}

/** Tokens take any number of objects of one label; a second one would make every later search ambiguous. */
function assertFree(cryptoki: Cryptoki, session: Handle, { object, id, label }: Pkcs11Uri): void {
  const taken = [
    ...findObjects(cryptoki, session, { class: CKO.privateKey, label: object }),
    ...(id ? findObjects(cryptoki, session, { class: CKO.privateKey, id }) : []),
  ];
  if (taken.length > 0) throw new KeyError('key-exists', `the token has a key of this label or id: ${label}`);
}

/** Asks the token rather than believe that it heeded the template. */
function assertKeptInside(cryptoki: Cryptoki, session: Handle, [privateKey, publicKey]: Handle[]): void {
  const is = (type: number): boolean => attributeOf(cryptoki, session, privateKey, type)?.[0] === 1;
  const isKept =
    is(CKA.sensitive) && is(CKA.alwaysSensitive) && is(CKA.neverExtractable) && !is(CKA.extractable);
  if (isKept) return;
  cryptoki.C_DestroyObject(session, privateKey);
  cryptoki.C_DestroyObject(session, publicKey);
  throw new KeyError('key-exportable', 'the token made a key that could leave it; the key was destroyed');
}
