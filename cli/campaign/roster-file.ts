import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';

import type { RosterFormat } from '../../ca/campaign/roster.ts';
import { DomainError, errorCode } from '../../core/errors.ts';

/** A roster on disk. */
export interface RosterFile {
  format: RosterFormat;
  /** First 16 hexadecimal digits of its SHA-256: what a run over it is called in events and decisions. */
  campaign: string;
  chunks: AsyncIterable<string>;
  /** Part that has been read, 0 to 1. */
  part: () => number;
}

/** Opens a roster; its name's ending says what it is. Throws DomainError `input-unreadable` or `usage`. */
export async function openRosterFile(path: string): Promise<RosterFile> {
  const format = extname(path).slice(1).toLowerCase();
  if (format !== 'csv' && format !== 'ndjson')
    throw new DomainError('usage', `${path}: expected a .csv or .ndjson file`);
  const { size, sha256 } = await survey(path);
  let read = 0;
  async function* chunks(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for await (const octets of createReadStream(path)) {
      read += (octets as Buffer).length;
      yield decoder.decode(octets as Buffer, { stream: true });
    }
    yield decoder.decode();
  }
  return {
    format,
    campaign: sha256.slice(0, 16),
    chunks: chunks(),
    part: () => (size === 0 ? 1 : read / size),
  };
}

async function survey(path: string): Promise<{ size: number; sha256: string }> {
  try {
    const { size } = await stat(path);
    const hash = createHash('sha256');
    for await (const octets of createReadStream(path)) hash.update(octets as Buffer);
    return { size, sha256: hash.digest('hex') };
  } catch (cause) {
    throw new DomainError('input-unreadable', `${path} cannot be read: ${errorCode(cause)}`, { cause });
  }
}
