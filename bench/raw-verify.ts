import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import * as asn1 from '../pki/der/encode.ts';
import { TAG } from '../pki/der/tag.ts';
import { parseSignedData } from '../pki/cms/signed-data.ts';
import type { RawSignature } from './raw-verify-worker.ts';
import { workerUrl } from './worker-url.ts';

/** Verifications a second of bare node:crypto, of all threads together. */
export async function rawVerifyRate(
  prescriptions: readonly Buffer[],
  { threads, rounds }: { threads: number; rounds: number },
): Promise<number> {
  const signatures = prescriptions.map(rawSignatureOf);
  const rates = await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(workerUrl('raw-verify-worker', import.meta.url), {
        workerData: { signatures, rounds },
      });
      const [rate] = (await once(worker, 'message')) as [number];
      await worker.terminate();
      return rate;
    }),
  );
  return rates.reduce((sum, rate) => sum + rate, 0);
}

function rawSignatureOf(prescription: Buffer): RawSignature {
  const { certificates, signerInfos } = parseSignedData(prescription);
  const [{ signedAttributes, signature }] = signerInfos;
  return {
    key: certificates[0].subjectPublicKeyInfo,
    signed: asn1.element(TAG.set, signedAttributes!.content),
    signature,
  };
}
