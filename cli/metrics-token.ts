import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError } from '../core/errors.ts';
import { readSecretFile } from '../keys/read-secret-file.ts';

/** As long as a header may be. */
const TOKEN_OCTETS_MAX = 1024;

export interface MetricsTokenSource {
  dataDirectory: string;
  metricsTokenFile?: string | undefined;
}

/**
 * Opens the token of `/metrics`, from its file; without one of its own it is `metrics-token` in the data directory, made when it
 * is not there. Resolves with the question whether a text is that token. Throws KeyError `secret-file-*`, or DomainError
 * `metrics-token` for a file with anything but one token.
 */
export async function openMetricsToken(source: MetricsTokenSource): Promise<(token: string) => boolean> {
  const path = source.metricsTokenFile ?? join(source.dataDirectory, 'metrics-token');
  if (source.metricsTokenFile === undefined && !existsSync(path))
    await writeNewToken(source.dataDirectory, path);
  const octets = await readSecretFile({ path, octetsMax: TOKEN_OCTETS_MAX, sharing: 'group' });
  const token = octets.toString('latin1').trim();
  if (!/^[A-Za-z0-9._~+/=-]{16,}$/.test(token))
    throw new DomainError('metrics-token', `${path}: expected one token of at least 16 characters`);
  const expected = hash(token);
  return (given) => timingSafeEqual(hash(given), expected);
}

/** Complete or not there at all. */
async function writeNewToken(directory: string, path: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  await rename(temporary, path);
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
