import { parseCertificate } from '../pki/certificate.ts';
import { BENCH_AUTHORITY_ID } from './bench-statuses.ts';
import { median } from './median.ts';
import type { BenchKeyType } from './ocsp-authority.ts';
import type { OcspWorkersOrder, OcspWorkersReady } from './ocsp-process-protocol.ts';
import { probe, questionsAbout } from './ocsp-questions.ts';
import { PinnedProcess } from './pinned-process.ts';
import type { BenchFigure } from './report.ts';
import { runWrk } from './wrk.ts';
import type { WrkOptions, WrkTarget } from './wrk.ts';

export interface WorkersBench {
  certificates: number;
  asked: number;
  runs: number;
  wrk: WrkOptions;
}

const WORKERS = 2;
const KEY_TYPES: readonly [keyType: BenchKeyType, id: string][] = [
  ['p-256', 'workers_2_nonce_p256'],
  ['rsa-2048', 'workers_2'],
];

/**
 * Answers with a signature each of two processes on one port, against those of one, in turns. Neither they nor wrk are held to
 * a core: where there are two in all, wrk takes its share of what the second process adds.
 */
export async function measureWorkers(bench: WorkersBench): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const [keyType, id] of KEY_TYPES) figures.push(await measureKey(keyType, id, bench));
  return figures;
}

async function measureKey(keyType: BenchKeyType, id: string, bench: WorkersBench): Promise<BenchFigure> {
  const [one, several] = [await start(keyType, 1, bench), await start(keyType, WORKERS, bench)];
  try {
    const rounds: { one: number; several: number }[] = [];
    for (let run = 0; run <= bench.runs; run += 1) {
      const round = {
        one: (await runWrk(one.target, bench.wrk)).requestsPerSecond,
        several: (await runWrk(several.target, bench.wrk)).requestsPerSecond,
      };
      if (run > 0 || bench.runs === 0) rounds.push(round);
    }
    return {
      id: `ocsp.${id}`,
      value: Math.round(median(rounds.map((round) => round.several))),
      unit: 'answers/s',
      peer: { name: 'one process', value: Math.round(median(rounds.map((round) => round.one))) },
      ratio: Math.round(median(rounds.map((round) => round.several / round.one)) * 1000) / 1000,
    };
  } finally {
    await one.process.stop();
    await several.process.stop();
  }
}

async function start(
  keyType: BenchKeyType,
  workers: number,
  { certificates, asked }: WorkersBench,
): Promise<{ process: PinnedProcess; target: WrkTarget }> {
  const process = PinnedProcess.start('ocsp-workers-process', undefined);
  const order: OcspWorkersOrder = { keyType, certificates, workers };
  const ready = await process.ask<OcspWorkersReady>(order);
  const issuer = parseCertificate(Buffer.from(ready.issuer, 'base64'));
  const { withNonce, serials, nonce } = questionsAbout(issuer, certificates, asked);
  const url = `http://127.0.0.1:${ready.port}/ocsp/${BENCH_AUTHORITY_ID}`;
  const { check } = await probe(url, withNonce[0], issuer, { serials, nonce });
  return { process, target: { url, method: 'POST', requests: withNonce, check } };
}
