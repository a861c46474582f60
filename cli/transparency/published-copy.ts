import { AuditError } from '../../audit/audit-error.ts';
import { parseEntryBundle } from '../../audit/merkle/entry-bundle.ts';
import { TILE_WIDTH } from '../../audit/merkle/hash-source.ts';
import { tilePath } from '../../audit/merkle/tile-path.ts';
import type { PublishedCopy } from '../../audit/replay/replay-log.ts';
import { LogFolder } from './log-folder.ts';

const TIMEOUT_MILLISECONDS = 30_000;
/** A bundle of 256 leaves as long as leaves can be. */
const FILE_OCTETS_MAX = 17 * 1024 * 1024;

type Read = (path: string) => Promise<Buffer | undefined>;

/** The published log in a folder or below a URL. */
export function openPublishedCopy(place: string): PublishedCopy {
  const read: Read = /^https?:\/\//.test(place)
    ? (path) => readUrl(`${place.replace(/\/+$/, '')}/${path}`)
    : (path) => new LogFolder(place).read(path);
  return {
    checkpoint: async () => (await needed(read, 'checkpoint')).toString('utf8'),
    leaves: async (start, size) => {
      const leaves: Buffer[] = [];
      for (let index = Math.floor(start / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
        const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
        const bundle = await needed(read, tilePath({ level: 'entries', index, width }));
        leaves.push(...parseEntryBundle(bundle).slice(Math.max(0, start - index * TILE_WIDTH), width));
      }
      return leaves;
    },
  };
}

async function needed(read: Read, path: string): Promise<Buffer> {
  const octets = await read(path);
  if (!octets) throw new AuditError('replay-impossible', `${path} is not in the copy of the log`);
  return octets;
}

async function readUrl(url: string): Promise<Buffer | undefined> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  if (response.status !== 200 || !response.body) return undefined;
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    octets += chunk.length;
    // Leaving the loop ends the response.
    if (octets > FILE_OCTETS_MAX) throw new AuditError('tile-malformed', `${url} is too long`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
