import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { KeyType } from '../pki/key-type.ts';

const run = promisify(execFile);

/** `openssl speed`'s names; ML-DSA it measures from OpenSSL 3.5 on. */
const ALGORITHMS: Record<KeyType, string> = {
  'rsa-2048': 'rsa2048',
  'rsa-3072': 'rsa3072',
  'rsa-4096': 'rsa4096',
  'p-256': 'ecdsap256',
  'p-384': 'ecdsap384',
  brainpoolP256r1: 'ecdsabrp256r1',
  ed25519: 'ed25519',
  'ml-dsa-65': 'ML-DSA-65',
};

/** Signatures per second of the wall clock by one `openssl speed`; undefined where openssl or the algorithm is missing. */
export async function measureOpenssl(keyType: KeyType, seconds: number): Promise<number | undefined> {
  const wholeSeconds = String(Math.max(1, Math.ceil(seconds)));
  try {
    const { stdout } = await run('openssl', [
      'speed',
      '-elapsed',
      '-mr',
      '-seconds',
      wholeSeconds,
      ALGORITHMS[keyType],
    ]);
    return signRateOf(stdout);
  } catch {
    return undefined;
  }
}

export async function opensslVersion(): Promise<string | undefined> {
  return run('openssl', ['version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/** A result line reads `+F4:<index>:<bits>[:<name>]:<signatures/s>:<verifications/s>`. */
export function signRateOf(machineReadable: string): number | undefined {
  const rate = /^\+F\d+:\d+:\d+:(?:[A-Za-z][^:]*:)?([\d.]+):/m.exec(machineReadable)?.[1];
  return rate === undefined ? undefined : Number(rate);
}
