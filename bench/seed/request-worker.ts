import { generateKeyPairSync, sign } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { AT } from '../../pki/oid.ts';

// A thread of its own: making a key and signing with it takes a third of what a certificate does.

/** A request, signed by a new P-256 key that nobody keeps, and the key's SubjectPublicKeyInfo. */
export interface SeedRequest {
  request: Uint8Array;
  subjectPublicKeyInfo: Uint8Array;
}

parentPort!.on('message', (count: number) => {
  void makeAll(count).then((requests) => parentPort!.postMessage(requests));
});

async function makeAll(count: number): Promise<SeedRequest[]> {
  const requests: SeedRequest[] = [];
  while (requests.length < count) requests.push(await make());
  return requests;
}

async function make(): Promise<SeedRequest> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = {
    label: 'seed',
    algorithm: 'ecdsa-sha256' as const,
    subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: async (message: Uint8Array) => sign('sha256', message, privateKey),
  };
  return {
    request: await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'seed' }]),
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
  };
}
