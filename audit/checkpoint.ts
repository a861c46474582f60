import { AuditError } from './audit-error.ts';
import { HASH_OCTETS } from './merkle/hash-source.ts';

/** What a log says of itself: so many leaves, and their root. @see https://c2sp.org/tlog-checkpoint */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

/** The text that is signed. */
export function encodeCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Throws AuditError `checkpoint-malformed`. Lines after the third are extensions, and are left alone. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, encoded] = text.split('\n') as (string | undefined)[];
  const root = Buffer.from(encoded ?? '', 'base64');
  const isSize = size !== undefined && /^(0|[1-9]\d{0,15})$/.test(size) && Number.isSafeInteger(Number(size));
  if (
    !origin ||
    !isSize ||
    root.length !== HASH_OCTETS ||
    root.toString('base64') !== encoded ||
    !text.endsWith('\n')
  )
    throw new AuditError('checkpoint-malformed', 'the text is no checkpoint');
  return { origin, size: Number(size), root };
}
