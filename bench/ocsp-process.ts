// The process that `ocsp.ts` measures: `mohr serve --roles ocsp` but for its keys and, mostly, its database: a history in memory.
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';

import { pino } from 'pino';

import { buildStatusApp } from '../api/status-app.ts';
import { listen } from '../cli/listen.ts';
import { startOcsp } from '../cli/start-ocsp.ts';
import { systemClock } from '../core/clock.ts';
import { Database } from '../db/database.ts';
import { openPostgres } from '../db/open-postgres.ts';
import { PgOcspStatusSource } from '../db/pg-ocsp-status-source.ts';
import { BENCH_AUTHORITY_ID, BenchStatuses } from './bench-statuses.ts';
import { benchOcspAuthority } from './ocsp-authority.ts';
import type { OcspProcessOrder, OcspProcessReady, SignOrder } from './ocsp-process-protocol.ts';

process.once('disconnect', () => process.exit());
const [given] = process.argv.slice(2);
if (given !== undefined) void serve(JSON.parse(given) as OcspProcessOrder);
else process.once('message', (order: OcspProcessOrder) => void serve(order));

async function serve(order: OcspProcessOrder): Promise<void> {
  const { keyType, certificates, databaseUrl, authorityId = BENCH_AUTHORITY_ID, port = 0, keys } = order;
  const logger = pino({ level: 'error' }, pino.destination(2));
  const { issuer, responder } = await benchOcspAuthority(keyType, keys);
  const opened = databaseUrl === undefined ? undefined : await openPostgres(databaseUrl, { readOnly: true });
  const start = performance.now();
  const ocsp = await startOcsp(
    { clock: systemClock, logger, ocspKeyTypes: [keyType] },
    {
      statuses: opened ? new PgOcspStatusSource(new Database(opened.pool)) : new BenchStatuses(certificates),
      authorities: [{ id: authorityId, certificate: issuer }],
      listResponders: async () => [
        {
          authorityId,
          certificate: responder.certificate.bytes,
          keyReference: 'bench',
          blocked: false,
        },
      ],
      keys: { openSigner: async () => responder.signer },
    },
  );
  const loadSeconds = (performance.now() - start) / 1000;
  await opened?.listen('status_change', () => ocsp.follower.wake());
  const services = { clock: systemClock, readiness: {}, ocspResponder: ocsp.responder };
  const app = await buildStatusApp(services, { logger });
  await listen(app, { host: '127.0.0.1', port });
  process.on('message', (order: SignOrder) =>
    process.send!(signaturesPerSecond(responder.signer.signNow!, order)),
  );
  const ready: OcspProcessReady = {
    port: (app.server.address() as AddressInfo).port,
    issuer: issuer.bytes.toString('base64'),
    responder: responder.certificate.bytes.toString('base64'),
    responderKey: responder.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    loadSeconds,
    indexOctets: ocsp.follower.indexOf(authorityId).octets,
  };
  process.send!(ready);
}

/** What the key makes at best: nothing else runs meanwhile. */
function signaturesPerSecond(
  sign: (message: Uint8Array) => Buffer,
  { signMilliseconds, octets }: SignOrder,
): number {
  const message = randomBytes(octets);
  const start = performance.now();
  let signatures = 0;
  while (performance.now() - start < signMilliseconds) {
    sign(message);
    signatures += 1;
  }
  return (signatures * 1000) / (performance.now() - start);
}
