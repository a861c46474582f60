import type { Clock } from '../../core/clock.ts';
import { withTokenKey } from '../../keys/card/with-token-key.ts';
import { openFileSigner } from '../../keys/file-signer.ts';
import type { Passphrase } from '../../keys/passphrase.ts';
import { pinReader } from '../../keys/pkcs11/pin-reader.ts';
import { parsePkcs11Uri } from '../../keys/pkcs11-uri.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { SignedFormat } from './signed-formats.ts';
import { SignError } from './sign-error.ts';

/** Where the key is. */
export type SigningKey =
  /** RFC 7512, of a key on any token. */
  | { uri: string }
  /** An encrypted key file. */
  | { path: string };

export interface SignOrder {
  content: Buffer;
  key: SigningKey;
  format: SignedFormat;
  detached: boolean;
  mimeType?: string;
  /** Leaf first; instead of those on the token. */
  certificates: readonly Certificate[];
  clock: Clock;
  /** PIN of a token when the URI names no pin-source and the reader has no PIN pad; passphrase of a key file. */
  askSecret(): Promise<Passphrase>;
}

interface OpenedKey {
  label: string;
  signer: Signer;
  certificate?: Certificate;
  chain: readonly Certificate[];
}

/** Signs content at level B-B; throws SignError `certificate-missing`, and what the key refuses with. */
export async function signContent(order: SignOrder): Promise<Buffer> {
  return withKey(order, async (key) => {
    const [certificate = key.certificate, ...given] = order.certificates;
    if (!certificate)
      throw new SignError('certificate-missing', `${key.label} has no certificate; give --certificate`);
    return order.format.sign({
      content: order.content,
      detached: order.detached,
      signer: key.signer,
      certificate,
      chain: given.length > 0 ? given : key.chain,
      signingTime: order.clock.now(),
      ...(order.mimeType !== undefined && { mimeType: order.mimeType }),
    });
  });
}

async function withKey(
  { key, askSecret }: SignOrder,
  work: (key: OpenedKey) => Promise<Buffer>,
): Promise<Buffer> {
  if ('path' in key) {
    const signer = await openFileSigner({ path: key.path, passphrase: await askSecret() });
    return work({ label: signer.label, signer, chain: [] });
  }
  const uri = parsePkcs11Uri(key.uri);
  const readPin = uri.pinSource === undefined ? askSecret : pinReader(uri, undefined);
  return withTokenKey(uri, readPin, (tokenKey) => work({ ...tokenKey, label: uri.label }));
}
