import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { createKeyFile } from '../keys/create-key-file.ts';
import { openFileSigner } from '../keys/file-signer.ts';
import { KeyError } from '../keys/key-error.ts';
import { keyTypeOf } from '../keys/key-type.ts';
import { Passphrase } from '../keys/passphrase.ts';
import { measureSigner } from '../keys/signer-speed.ts';
import type { Signer } from '../keys/signer.ts';
import { KEY_TYPES } from '../pki/key-type.ts';
import type { KeyType } from '../pki/key-type.ts';
import { importPublicKey } from '../pki/public-key.ts';
import { measureOpenssl, opensslVersion } from './openssl-speed.ts';
import type { BenchFigure, BenchReport } from './report.ts';

export interface KeysBenchOptions {
  /** Seconds of one run; OpenSSL takes whole ones. */
  seconds: number;
  /** Runs whose median counts, after one that warms up. */
  runs: number;
  keyTypes: readonly KeyType[];
  /** More signers to measure, e.g. keys of an HSM; their figures are `keys.<label>`. */
  signers: readonly Signer[];
  /** Signatures under way at once with those signers: tokens have several sessions. */
  concurrency: number;
}

/** Signatures per second of each key type from a key file, beside `openssl speed` run in turns with it. */
export async function benchKeys(options: Partial<KeysBenchOptions> = {}): Promise<BenchReport> {
  const settings = { seconds: 1, runs: 3, keyTypes: KEY_TYPES, signers: [], concurrency: 8, ...options };
  const folder = await mkdtemp(join(tmpdir(), 'mohr-bench-keys-'));
  const figures: BenchFigure[] = [];
  try {
    for (const keyType of settings.keyTypes) {
      const signer = await makeSigner(folder, keyType);
      if (!signer) continue;
      const alone = { ...settings, concurrency: 1 };
      figures.push(...(await compare([{ name: keyType, signer }], keyType, alone)));
    }
    for (const [keyType, signers] of byKeyType(settings.signers))
      figures.push(...(await compare(signers, keyType, settings)));
  } finally {
    await rm(folder, { recursive: true });
  }
  return { bench: 'keys', conditions: await conditionsOf(settings), figures };
}

/** A key file of that type, opened; undefined where the runtime lacks the algorithm. */
async function makeSigner(folder: string, keyType: KeyType): Promise<Signer | undefined> {
  const path = join(folder, `${keyType}.key`);
  const passphrase = new Passphrase('of a key that lives for a benchmark');
  try {
    await createKeyFile({ path, keyType, passphrase });
    return await openFileSigner({ path, passphrase });
  } catch (error) {
    if (error instanceof KeyError && error.code === 'runtime-unsupported') return undefined;
    throw error;
  }
}

interface Named {
  name: string;
  signer: Signer;
}

function byKeyType(signers: readonly Signer[]): Map<KeyType | undefined, Named[]> {
  const groups = new Map<KeyType | undefined, Named[]>();
  for (const signer of signers) {
    const keyType = keyTypeOf(importPublicKey(signer.subjectPublicKeyInfo));
    groups.set(keyType, [...(groups.get(keyType) ?? []), { name: signer.label, signer }]);
  }
  return groups;
}

/** Keys of one type. Their runs and OpenSSL's alternate, so that a busy moment of the machine meets all. */
async function compare(
  keys: readonly Named[],
  keyType: KeyType | undefined,
  settings: KeysBenchOptions,
): Promise<BenchFigure[]> {
  const ours = keys.map((): number[] => []);
  const theirs: number[] = [];
  for (const { signer } of keys)
    await measureSigner(signer, { seconds: settings.seconds / 2, concurrency: settings.concurrency });
  for (let run = 0; run < settings.runs; run += 1) {
    for (const [at, { signer }] of keys.entries()) ours[at].push(await signaturesPerSecond(signer, settings));
    const peer = keyType && (await measureOpenssl(keyType, settings.seconds));
    if (peer !== undefined) theirs.push(peer);
  }
  const peer = theirs.length > 0 ? median(theirs) : undefined;
  return keys.map(({ name }, at) => figure(name, median(ours[at]), peer));
}

function figure(name: string, value: number, peer?: number): BenchFigure {
  const own = { id: `keys.${name}`, value: Math.round(value), unit: 'signatures/s' };
  if (peer === undefined) return own;
  const ratio = Math.round((value / peer) * 1000) / 1000;
  return { ...own, peer: { name: 'openssl speed', value: Math.round(peer) }, ratio };
}

async function signaturesPerSecond(signer: Signer, settings: KeysBenchOptions): Promise<number> {
  const { seconds, concurrency } = settings;
  return (await measureSigner(signer, { seconds, concurrency })).signaturesPerSecond;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function conditionsOf(settings: KeysBenchOptions): Promise<BenchReport['conditions']> {
  const openssl = await opensslVersion();
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    nodeOpenssl: process.versions.openssl,
    ...(openssl && { openssl }),
    secondsPerRun: settings.seconds,
    runs: settings.runs,
  };
}
