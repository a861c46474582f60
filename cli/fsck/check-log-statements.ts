import { AuditError } from '../../audit/audit-error.ts';
import { parseCheckpoint } from '../../audit/checkpoint.ts';
import { isSignatureOf } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { parseNote, parseSignatures } from '../../audit/note/signed-note.ts';
import type { LogRecords, StatedCheckpoint } from '../../db/log-records.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { checkedTimeStamper } from '../../signing/checked-time-stamper.ts';
import { SigningError } from '../../signing/signing-error.ts';
import type { Finding, FindingCode } from './finding.ts';

const PAGE_ROWS = 1024;

/**
 * What is recorded beside each signed note: its columns, by which the service holds itself against it, the time stamp over it, and the
 * cosignatures of witnesses, each verified where the witness is one of `witnesses`.
 */
export async function* checkLogStatements({
  records,
  witnesses,
}: {
  records: LogRecords;
  witnesses: readonly NoteKey[];
}): AsyncGenerator<Finding> {
  for await (const page of records.statements(PAGE_ROWS))
    for (const stated of page) {
      const subject = `checkpoint:${stated.size}`;
      for (const [code, fault] of [
        ['log-checkpoint-differs', columnsFault(stated)],
        ['log-stamp-differs', await stampFault(stated)],
        ['log-cosignature', cosignatureFault(stated, witnesses)],
      ] satisfies [FindingCode, string | undefined][])
        if (fault !== undefined) yield { code, subject, detail: fault };
    }
  for (const subject of await records.subjects('statementsOfNoCheckpoint'))
    yield { code: 'log-statement-of-none', subject, detail: 'others have signed it, and it is gone' };
}

function columnsFault({ size, root, note }: StatedCheckpoint): string | undefined {
  const signed = orUndefined(() => parseCheckpoint(parseNote(note).text));
  if (signed && signed.size === size && signed.root.equals(root)) return undefined;
  return 'its row says otherwise than what was signed';
}

async function stampFault({ note, token }: StatedCheckpoint): Promise<string | undefined> {
  if (!token) return undefined;
  try {
    await checkedTimeStamper({ stamp: async () => token }).stamp(
      'sha256',
      digest('sha256', Buffer.from(note)),
    );
    return undefined;
  } catch (error) {
    if (error instanceof SigningError) return `its time stamp is none: ${error.detail}`;
    throw error;
  }
}

function cosignatureFault(
  { note, cosignatures }: StatedCheckpoint,
  witnesses: readonly NoteKey[],
): string | undefined {
  const wrong = cosignatures.find(({ witness, line }) => {
    const text = orUndefined(() => parseNote(note).text) ?? '';
    const lines = orUndefined(() => parseSignatures(line)) ?? [];
    const keys = witnesses.filter(({ name }) => name === witness);
    const isOf = lines.length === 1 && lines[0].name === witness;
    return !isOf || (keys.length > 0 && !keys.some((key) => isSignatureOf(key, text, lines[0])));
  });
  return wrong && `what is recorded as the cosignature of ${wrong.witness} is none`;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}
