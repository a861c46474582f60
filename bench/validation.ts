import { Session } from 'node:inspector/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { readHierarchy } from '../cli/open-authorities.ts';
import { withStores } from '../cli/open-database.ts';
import type { Settings } from '../cli/settings.ts';
import { withVerifyHouse } from '../cli/verify/verify-house.ts';
import type { ValidationWorkers } from '../cli/validation-workers/validation-workers.ts';
import type { BatchDocument } from '../validation/batch/batch-result.ts';
import { validateInOrder } from '../validation/batch/validate-in-order.ts';
import { startPostgresCluster } from '../test/support/postgres-cluster.ts';
import { makeBenchDeployment } from './bench-deployment.ts';
import { withPeakMemory } from './peak-memory.ts';
import { pkijsRate } from './pkijs-validation.ts';
import { rawVerifyRate } from './raw-verify.ts';
import type { BenchFigure, BenchReport } from './report.ts';
import { signPrescriptions } from './validation-prescriptions.ts';
import type { BenchDoctorKey } from './validation-prescriptions.ts';

export interface ValidationBenchOptions {
  /** Doctors with P-256 keys; RSA keys take long to make. */
  doctorsP256: number;
  doctorsRsa: number;
  /** Different prescriptions of each kind of key. */
  prescriptions: number;
  /** Validations of each that count, after a tenth as many that warm up. */
  validations: number;
  /** Validations while memory is watched. */
  memoryValidations: number;
  threads: number;
}

const DEFAULTS: ValidationBenchOptions = {
  doctorsP256: 500,
  doctorsRsa: 20,
  prescriptions: 2_000,
  validations: 20_000,
  memoryValidations: 100_000,
  threads: availableParallelism(),
};

const KEYS: readonly { keyType: BenchDoctorKey; firstSeed: number }[] = [
  { keyType: 'p256', firstSeed: 10_000 },
  { keyType: 'rsa2048', firstSeed: 90_000 },
];

/** pkijs takes its time: a part says as much. */
const PEER_PRESCRIPTIONS_MAX = 200;

/**
 * Validations of CAdES prescriptions a second, as `mohr verify` and the batches of the API make them: read, verified, a path found, the
 * status asked of the deployment's PostgreSQL, the sector's rules applied, the report written as JSON. All share the machine.
 */
export async function benchValidation(options: Partial<ValidationBenchOptions> = {}): Promise<BenchReport> {
  const terms = { ...DEFAULTS, ...options };
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-validation-'));
  const cluster = await startPostgresCluster([]);
  try {
    const settings = await makeBenchDeployment(cluster.url, folder);
    const figures: BenchFigure[] = [];
    const conditions = { ...terms, 'prescription (octets)': 0 };
    for (const { keyType, firstSeed } of KEYS) {
      const doctors = keyType === 'p256' ? terms.doctorsP256 : terms.doctorsRsa;
      const order = { folder, keyType, doctors, prescriptions: terms.prescriptions, firstSeed };
      const prescriptions = await signPrescriptions(settings, order);
      conditions['prescription (octets)'] = prescriptions[0].length;
      figures.push(...(await measureKey(settings, { keyType, prescriptions }, terms)));
      if (keyType === 'p256') figures.push(...(await measureMemory(settings, prescriptions, terms)));
    }
    return { bench: 'validation', conditions: { ...machine(), ...conditions }, figures };
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true });
  }
}

async function measureKey(
  settings: Settings,
  { keyType, prescriptions }: { keyType: BenchDoctorKey; prescriptions: readonly Buffer[] },
  { validations, threads }: ValidationBenchOptions,
): Promise<BenchFigure[]> {
  const { value, processor } = await withVerifyHouse({ settings, threads }, async (workers) => {
    await validate(workers, prescriptions, Math.ceil(validations / 10));
    const start = performance.now();
    const before = process.cpuUsage();
    await validate(workers, prescriptions, validations);
    const { user, system } = process.cpuUsage(before);
    return {
      value: (validations * 1000) / (performance.now() - start),
      processor: (user + system) / validations,
    };
  });
  const rounds = Math.max(1, Math.round(validations / prescriptions.length / threads));
  const raw = await rawVerifyRate(prescriptions, { threads, rounds });
  const peer = await pkijsRate(prescriptions.slice(0, PEER_PRESCRIPTIONS_MAX), await authoritiesOf(settings));
  const id = `validation.cades_${keyType}`;
  return [
    {
      id,
      value,
      unit: '/s',
      peer: { name: `bare node:crypto verify, ${threads} threads`, value: raw },
      ratio: value / raw,
    },
    // Of all threads and of the one that hands out and asks; PostgreSQL's own is not in it.
    { id: `validation.processor_${keyType}`, value: processor, unit: 'µs' },
    ...(peer === undefined
      ? []
      : [
          {
            id: `${id}_pkijs`,
            value,
            unit: '/s',
            peer: { name: 'pkijs without status, 1 thread', value: peer },
            ratio: value / peer,
          },
        ]),
  ];
}

/**
 * By how much memory rises over what it is before a thread runs; and what the second half of the documents leaves behind beyond the
 * first, each after the thread that hands out has collected its heap: by itself it does so every 30,000 documents or so, and where in that
 * saw-tooth a half ends would be measured otherwise.
 */
async function measureMemory(
  settings: Settings,
  prescriptions: readonly Buffer[],
  { memoryValidations, threads }: ValidationBenchOptions,
): Promise<BenchFigure[]> {
  const half = Math.ceil(memoryValidations / 2);
  return withVerifyHouse({ settings, threads }, async (workers) => {
    const left: number[] = [];
    // Threads are started with the first document: before it, memory is idle.
    const { peakMib } = await withPeakMemory(async () => {
      for (const count of [half, memoryValidations - half]) {
        await validate(workers, prescriptions, count);
        left.push(await collectedMemory());
      }
    });
    const mib = (octets: number) => octets / 2 ** 20;
    return [
      { id: 'validation.memory', value: peakMib, unit: 'MiB' },
      { id: 'validation.memory_growth', value: mib(left[1] - left[0]), unit: 'MiB' },
    ];
  });
}

/** Resident memory after this thread's garbage is gone. */
async function collectedMemory(): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
  return process.memoryUsage.rss();
}

async function validate(
  workers: ValidationWorkers,
  prescriptions: readonly Buffer[],
  count: number,
): Promise<void> {
  const validateChunk = workers.validate.bind(workers);
  for await (const results of validateInOrder(
    documents(prescriptions, count),
    validateChunk,
    workers.chunksMax,
  )) {
    const refused = results.find(({ hasPassed }) => !hasPassed);
    if (refused) throw new Error(`a prescription of the bench does not pass: ${refused.line}`);
  }
}

async function* documents(prescriptions: readonly Buffer[], count: number): AsyncGenerator<BatchDocument> {
  for (let index = 0; index < count; index += 1)
    yield { reference: String(index), document: { signature: prescriptions[index % prescriptions.length] } };
}

function authoritiesOf(settings: Settings): Promise<Uint8Array[]> {
  return withStores(settings, async (stores) =>
    (await readHierarchy(stores)).records.map(({ certificate }) => certificate),
  );
}

function machine(): Record<string, string | number> {
  return {
    cpu: `${cpus().length} × ${cpus()[0].model}`,
    node: process.versions.node,
    load: loadavg()
      .map((one) => one.toFixed(1))
      .join(' '),
  };
}
