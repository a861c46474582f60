import type { DigestName } from '../pki/digest-algorithm.ts';
import { StrictFields } from './strict-fields.ts';

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
    { name: 'shake256' },
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

const DIGEST_NAMES: readonly DigestName[] = ['sha1', 'sha256', 'sha384', 'sha512', 'shake256'];
const KEY_TYPES: readonly ConstrainedKeyType[] = ['rsa', 'dsa', 'ec', 'ed25519', 'ed448', 'ml-dsa-65'];

/**
 * Reads a deployment's own policy file: JSON as DEFAULT_ALGORITHM_POLICY, dates in RFC 3339. Throws ValidationError
 * `algorithm-policy-malformed`: with a constraint misspelt, nothing is validated at all.
 */
export function parseAlgorithmPolicy(text: string): AlgorithmPolicy {
  const fields = new StrictFields('algorithm-policy-malformed');
  return readAlgorithmPolicy(fields.json(text), fields);
}

/** The same where it is part of another file. */
export function readAlgorithmPolicy(value: unknown, fields: StrictFields): AlgorithmPolicy {
  const policy = fields.object(value, 'the algorithm policy', ['id', 'digests', 'keys']);
  const untilOf = (until: unknown) => (until === undefined ? {} : { until: fields.instant(until, 'until') });
  return {
    id: fields.text(policy.id, 'id'),
    digests: fields.rows(policy.digests, 'digests', ['name', 'until']).map(({ name, until }) => ({
      name: fields.oneOf(name, 'a digest', DIGEST_NAMES),
      ...untilOf(until),
    })),
    keys: fields.rows(policy.keys, 'keys', ['type', 'bitsMin', 'until']).map(({ type, bitsMin, until }) => ({
      type: fields.oneOf(type, 'a type of keys', KEY_TYPES),
      bitsMin: fields.count(bitsMin, 'bitsMin'),
      ...untilOf(until),
    })),
  };
}

/** Whether a row of a policy holds at a moment. */
export function holdsAt({ until }: { until?: Date }, at: Date): boolean {
  return until === undefined || at.getTime() <= until.getTime();
}
