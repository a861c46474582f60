import { createPublicKey, verify } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

// The least that any validation costs: node:crypto over the same signatures, with keys that were imported before.

/** What a thread verifies: SubjectPublicKeyInfo, the signed attributes, the signature value. */
export interface RawSignature {
  key: Uint8Array;
  signed: Uint8Array;
  signature: Uint8Array;
}

const { signatures, rounds } = workerData as { signatures: RawSignature[]; rounds: number };
const keys = new Map<string, ReturnType<typeof createPublicKey>>();
const ready = signatures.map(({ key: spki, signed, signature }) => {
  const name = Buffer.from(spki).toString('base64');
  const key = keys.get(name) ?? createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  keys.set(name, key);
  return { key, signed, signature };
});

const start = performance.now();
for (let round = 0; round < rounds; round += 1)
  for (const { key, signed, signature } of ready)
    if (!verify('sha256', signed, key, signature))
      throw new Error('a signature of the bench does not verify');
parentPort!.postMessage((ready.length * rounds * 1000) / (performance.now() - start));
