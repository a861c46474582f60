import type { Signer } from '../../keys/signer.ts';
import { signJwt } from '../compact-jws.ts';

/** Type of what is signed, so that a callback is taken for nothing else (RFC 8725 §3.11). */
const CALLBACK_TYPE = 'signature-session+jwt';

/** Signs the claims of a callback with the service's P-256 key. */
export function signServiceToken(signer: Signer, kid: string, claims: object): Promise<string> {
  return signJwt(signer, { kid, typ: CALLBACK_TYPE }, claims);
}
