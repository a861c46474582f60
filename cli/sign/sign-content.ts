import type { Clock } from '../../core/clock.ts';
import { withTokenKey } from '../../keys/card/with-token-key.ts';
import type { Passphrase } from '../../keys/passphrase.ts';
import { pinReader } from '../../keys/pkcs11/pin-reader.ts';
import { parsePkcs11Uri } from '../../keys/pkcs11-uri.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { SignError } from './sign-error.ts';

export interface SignOrder {
  content: Buffer;
  /** RFC 7512, of a key on any token. */
  uri: string;
  detached: boolean;
  mimeType?: string;
  /** Leaf first; instead of those on the token. */
  certificates: readonly Certificate[];
  clock: Clock;
  /** When the URI names no pin-source, and the reader has no PIN pad. */
  askPin(): Promise<Passphrase>;
}

/** Signs content as CAdES B-B with a key of a token; throws SignError `certificate-missing`, and what the token refuses with. */
export async function signContent(order: SignOrder): Promise<Buffer> {
  const uri = parsePkcs11Uri(order.uri);
  const readPin = uri.pinSource === undefined ? order.askPin : pinReader(uri, undefined);
  return withTokenKey(uri, readPin, async (key) => {
    const [certificate = key.certificate, ...given] = order.certificates;
    if (!certificate)
      throw new SignError('certificate-missing', `${uri.label} has no certificate; give --certificate`);
    return signCades({
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
