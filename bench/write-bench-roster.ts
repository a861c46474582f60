import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

import { syntheticNationalId } from '../core/national-id.ts';
import { makeCertificationRequest } from '../keys/make-certification-request.ts';
import { AT } from '../pki/oid.ts';
import { encodePem } from '../pki/pem.ts';

/** A new P-256 key and its request. */
export async function benchRequest(): Promise<Buffer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = {
    label: 'bench',
    algorithm: 'ecdsa-sha256' as const,
    subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: async (message: Uint8Array) => sign('sha256', message, privateKey),
  };
  return makeCertificationRequest(signer, [{ type: AT.commonName, value: 'bench' }]);
}

/** Writes a roster (NDJSON) of synthetic doctors, each with a key of their own. */
export async function writeBenchRoster(path: string, rows: number, firstSeed: number): Promise<void> {
  const lines: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const seed = firstSeed + row;
    lines.push(
      JSON.stringify({
        national_id: syntheticNationalId(seed),
        given_name: 'شیرین',
        surname: 'آزمایشی',
        latin_name: 'Shirin Azmayeshi',
        council_group: 'physician',
        council_digits: String(100_000 + (seed % 899_999)),
        request: (await benchRequest()).toString('base64'),
      }),
    );
  }
  await writeFile(path, `${lines.join('\n')}\n`);
}

/** The same request in PEM, for the peers. */
export async function benchRequestPem(): Promise<string> {
  return encodePem('CERTIFICATE REQUEST', await benchRequest());
}
