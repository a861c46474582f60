import { AuditError } from '../audit-error.ts';

/** A signature line of a note: who, and what without the key's id. */
export interface NoteSignature {
  name: string;
  keyId: Buffer;
  signature: Buffer;
}

/** A text with signatures. @see https://c2sp.org/signed-note */
export interface SignedNote {
  /** With its last line feed. */
  text: string;
  signatures: readonly NoteSignature[];
}

export const KEY_ID_OCTETS = 4;
/** Far beyond a checkpoint with the signatures of every witness. */
const NOTE_OCTETS_MAX = 65_536;
/** The specification lets a verifier refuse more. */
const SIGNATURES_MAX = 100;

const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

export function encodeNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(signatureLine).join('')}`;
}

export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

/** Throws AuditError `note-malformed`. */
export function parseNote(note: string): SignedNote {
  if (note.length > NOTE_OCTETS_MAX) throw malformed('it is too long');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw malformed('it has no signatures');
  return { text: note.slice(0, end + 1), signatures: parseSignatures(note.slice(end + 2)) };
}

/** Lines of signatures by themselves, as a witness answers; throws AuditError `note-malformed`. */
export function parseSignatures(text: string): NoteSignature[] {
  if (!text.endsWith('\n')) throw malformed('its last line does not end');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) throw malformed('it has too many signatures');
  return lines.map((line) => {
    const match = SIGNATURE_LINE.exec(line);
    const octets = Buffer.from(match?.[2] ?? '', 'base64');
    if (!match || octets.length <= KEY_ID_OCTETS || octets.toString('base64') !== match[2])
      throw malformed('a line is no signature');
    return {
      name: match[1],
      keyId: octets.subarray(0, KEY_ID_OCTETS),
      signature: octets.subarray(KEY_ID_OCTETS),
    };
  });
}

function malformed(detail: string): AuditError {
  return new AuditError('note-malformed', `this is no signed note: ${detail}`);
}
