import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import * as asn1 from '../pki/der/encode.ts';
import { TAG } from '../pki/der/tag.ts';
import { parseSignedData } from '../pki/cms/signed-data.ts';
import type { RawSignature } from './raw-verify-worker.ts';

/** Verifications a second of bare node:crypto, of all threads together. */
export async function rawVerifyRate(
  prescriptions: readonly Buffer[],
  { threads, rounds }: { threads: number; rounds: number },
): Promise<number> {
  const signatures = prescriptions.map(rawSignatureOf);
  const rates = await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(workerUrl(), { workerData: { signatures, rounds } });
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

/** Beside this file: compiled, or TypeScript, for which a thread must register the loader by itself. */
function workerUrl(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./raw-verify-worker.js', import.meta.url);
  const loader = import.meta.resolve('tsx/esm/api');
  const worker = new URL('./raw-verify-worker.ts', import.meta.url).href;
  const module = `import { register } from '${loader}'; register(); await import('${worker}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`);
}
