import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

import { errorCode } from '../../core/errors.ts';
import { AgentError } from './agent-error.ts';

/** Beyond this it is no state of ours. */
const OCTETS_MAX = 4_194_304;

/** Reads a JSON file of the agent; undefined when there is none. Throws AgentError `agent-state-unreadable`. */
export async function readState(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > OCTETS_MAX) throw new Error('too large');
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new AgentError('agent-state-unreadable', `${path} cannot be read`, { cause });
  }
}

/** Replaces a file of this user alone: all of it or what was before, durable when the promise resolves. */
export async function writeState(path: string, state: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(state));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
