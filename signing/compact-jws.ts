import { canonicalJson } from '../core/canonical-json.ts';
import type { Signer } from '../keys/signer.ts';
import { openWhole } from '../pki/der/decode.ts';
import { TAG } from '../pki/der/tag.ts';

const P_256_OCTETS = 32;

/** Signs claims with a P-256 key of the service as a JWT (RFC 7519) in the compact form; `header` names type and key. */
export async function signJwt(signer: Signer, header: object, claims: object): Promise<string> {
  const encoded = [{ alg: 'ES256', ...header }, claims].map((part) =>
    Buffer.from(canonicalJson(part)).toString('base64url'),
  );
  const input = encoded.join('.');
  const signature = fixedLength(await signer.sign(Buffer.from(input)));
  return `${input}.${signature.toString('base64url')}`;
}

/** From Ecdsa-Sig-Value to the two numbers of RFC 7518 §3.4. */
function fixedLength(signature: Buffer): Buffer {
  const numbers = openWhole(signature, TAG.sequence);
  const parts = [numbers.read(TAG.integer), numbers.read(TAG.integer)].map(({ content }) => {
    const significant = content[0] === 0 ? content.subarray(1) : content;
    return Buffer.concat([Buffer.alloc(P_256_OCTETS - significant.length), significant]);
  });
  return Buffer.concat(parts);
}
