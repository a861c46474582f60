import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DEFAULT_ALGORITHM_POLICY, parseAlgorithmPolicy } from '../validation/algorithm-policy.ts';
import type { AlgorithmPolicy } from '../validation/algorithm-policy.ts';

/** Where a deployment says which algorithms it accepts in signatures, and until when; absent: as shipped. */
const FILE = 'algorithm-policy.json';

/** Reads it from the data directory; throws ValidationError `algorithm-policy-malformed`, so that no service starts on a misread one. */
export async function loadAlgorithmPolicy(dataDirectory: string): Promise<AlgorithmPolicy> {
  try {
    return parseAlgorithmPolicy(await readFile(join(dataDirectory, FILE), 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return DEFAULT_ALGORITHM_POLICY;
    throw cause;
  }
}
