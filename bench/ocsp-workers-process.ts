// The primary of `mohr serve --roles ocsp --ocsp-workers`, as `ocsp-workers.ts` measures it: each worker is an `ocsp-process.ts`.
import { fileURLToPath } from 'node:url';

import { pino } from 'pino';

import { startOcspWorkers } from '../cli/ocsp-workers.ts';
import { freePort } from './free-port.ts';
import { benchOcspAuthority, exportKeys } from './ocsp-authority.ts';
import type { OcspProcessOrder, OcspWorkersOrder, OcspWorkersReady } from './ocsp-process-protocol.ts';

process.once('disconnect', () => process.exit());
process.once('message', (order: OcspWorkersOrder) => void start(order));

async function start({ keyType, certificates, workers }: OcspWorkersOrder): Promise<void> {
  const authority = await benchOcspAuthority(keyType);
  const port = await freePort();
  const order: OcspProcessOrder = { keyType, certificates, port, keys: exportKeys(authority) };
  const file = fileURLToPath(import.meta.url).replace('ocsp-workers-process', 'ocsp-process');
  // A message would come before a worker listens. The keys certify nothing but this benchmark's answers.
  const exec = { file, args: [JSON.stringify(order)], execArgv: process.execArgv };
  const logger = pino({ level: 'error' }, pino.destination(2));
  await startOcspWorkers({ workers, logger, exec });
  const ready: OcspWorkersReady = { port, issuer: authority.issuer.bytes.toString('base64') };
  process.send!(ready);
}
