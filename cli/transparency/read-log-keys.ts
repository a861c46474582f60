import { parseNoteKey } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { readInputFile } from '../read-input-file.ts';

/**
 * Verifier keys of a log, given as one or as a file with one a line; undefined when none were. Throws AuditError `note-malformed`
 * and what reading the file throws.
 */
export async function readLogKeys(operand: string | undefined): Promise<NoteKey[] | undefined> {
  if (operand === undefined) return undefined;
  const isKey = /\+[0-9a-f]{8}\+/.test(operand);
  const text = isKey ? operand : (await readInputFile(operand)).toString('utf8');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseNoteKey);
}
