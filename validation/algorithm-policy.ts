import type { DigestName } from '../pki/digest-algorithm.ts';
import { ValidationError } from './validation-error.ts';

/** Key types as node:crypto names them; `rsa` stands for RSASSA-PSS keys too. */
export type ConstrainedKeyType = 'rsa' | 'dsa' | 'ec' | 'ed25519' | 'ed448' | 'ml-dsa-65';

/**
 * Which algorithms signatures and certificates may use, and until when (ETSI EN 319 102-1 §5.2.8). What has no row is not
 * accepted; MD5 and MD2 cannot have one.
 */
export interface AlgorithmPolicy {
  id: string;
  digests: { name: DigestName; until?: Date }[];
  /** A key is accepted when one row of its type lets it through. */
  keys: { type: ConstrainedKeyType; bitsMin: number; until?: Date }[];
}

/**
 * As shipped. SHA-1 until NIST SP 800-131A ended it for signatures, RSA and DSA of 1024 bits until the end of 2010 (ETSI
 * TS 102 176-1), 2048 bits of RSA without an end: the sector's cards have no more (TS 119 312 would end it in 2025).
 */
export const DEFAULT_ALGORITHM_POLICY: AlgorithmPolicy = {
  id: 'mohr-algorithms-1',
  digests: [
    { name: 'sha1', until: new Date('2013-12-31T23:59:59Z') },
    { name: 'sha256' },
    { name: 'sha384' },
    { name: 'sha512' },
  ],
  keys: [
    { type: 'rsa', bitsMin: 1024, until: new Date('2010-12-31T23:59:59Z') },
    { type: 'rsa', bitsMin: 2048 },
    { type: 'dsa', bitsMin: 1024, until: new Date('2010-12-31T23:59:59Z') },
    { type: 'dsa', bitsMin: 2048, until: new Date('2023-02-03T23:59:59Z') },
    { type: 'ec', bitsMin: 256 },
    { type: 'ed25519', bitsMin: 0 },
    { type: 'ed448', bitsMin: 0 },
    { type: 'ml-dsa-65', bitsMin: 0 },
  ],
};

const DIGEST_NAMES: readonly string[] = ['sha1', 'sha256', 'sha384', 'sha512'];
const KEY_TYPES: readonly string[] = ['rsa', 'dsa', 'ec', 'ed25519', 'ed448', 'ml-dsa-65'];

/**
 * Reads a deployment's own policy file: JSON as DEFAULT_ALGORITHM_POLICY, dates in RFC 3339. Throws ValidationError
 * `algorithm-policy-malformed`: with a constraint misspelt, nothing is validated at all.
 */
export function parseAlgorithmPolicy(text: string): AlgorithmPolicy {
  const file = objectOf(parsedJson(text), 'the file', ['id', 'digests', 'keys']);
  if (typeof file.id !== 'string' || file.id === '') throw malformed('id is missing');
  return {
    id: file.id,
    digests: rowsOf(file.digests, 'digests', ['name', 'until']).map(({ name, until }) => ({
      name: oneOf(name, DIGEST_NAMES) as DigestName,
      ...untilOf(until),
    })),
    keys: rowsOf(file.keys, 'keys', ['type', 'bitsMin', 'until']).map(({ type, bitsMin, until }) => ({
      type: oneOf(type, KEY_TYPES) as ConstrainedKeyType,
      bitsMin: bitsOf(bitsMin),
      ...untilOf(until),
    })),
  };
}

/** Whether a row of a policy holds at a moment. */
export function holdsAt({ until }: { until?: Date }, at: Date): boolean {
  return until === undefined || at.getTime() <= until.getTime();
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ValidationError('algorithm-policy-malformed', 'the algorithm policy is no JSON', { cause });
  }
}

function rowsOf(value: unknown, name: string, fields: readonly string[]): Record<string, unknown>[] {
  if (!Array.isArray(value) || value.length === 0) throw malformed(`${name} is no list, or an empty one`);
  return value.map((row) => objectOf(row, `a row of ${name}`, fields));
}

function objectOf(value: unknown, what: string, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`${what} is no object`);
  const stray = Object.keys(value).find((field) => !fields.includes(field));
  if (stray !== undefined) throw malformed(`${what} has ${stray}, known are ${fields.join(', ')}`);
  return value as Record<string, unknown>;
}

function oneOf(value: unknown, known: readonly string[]): string {
  if (typeof value === 'string' && known.includes(value)) return value;
  throw malformed(`${JSON.stringify(value)} is none of ${known.join(', ')}`);
}

function bitsOf(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw malformed(`bitsMin ${JSON.stringify(value)} is no count of bits`);
}

function untilOf(value: unknown): { until?: Date } {
  if (value === undefined) return {};
  const until = typeof value === 'string' ? new Date(value) : undefined;
  if (!until || Number.isNaN(until.getTime())) throw malformed(`until ${JSON.stringify(value)} is no time`);
  return { until };
}

function malformed(detail: string): ValidationError {
  return new ValidationError('algorithm-policy-malformed', detail);
}
