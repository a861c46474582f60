import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode } from '../../core/errors.ts';
import type { Signer } from '../../keys/signer.ts';

/** Lines of a key's reference and its SubjectPublicKeyInfo in base64. */
const KEYS_FILE = 'tsa-keys';

/** Keys that this node has made for time stamps: references by SubjectPublicKeyInfo in base64. */
export async function readNodeKeys(dataDirectory: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(dataDirectory, KEYS_FILE), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, string] => {
      const at = line.lastIndexOf(' ');
      return [line.slice(at + 1), line.slice(0, at)];
    }),
  );
}

/** Notes a key before anybody is asked to certify it. */
export async function noteNodeKey(dataDirectory: string, reference: string, signer: Signer): Promise<void> {
  const line = `${reference} ${signer.subjectPublicKeyInfo.toString('base64')}\n`;
  await appendFile(join(dataDirectory, KEYS_FILE), line, { mode: 0o600, flush: true });
}
