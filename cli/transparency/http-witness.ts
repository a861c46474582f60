import { readFile } from 'node:fs/promises';

import { AuditError } from '../../audit/audit-error.ts';
import { parseNoteKey } from '../../audit/note/note-key.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { parseSignatures } from '../../audit/note/signed-note.ts';
import { errorCode } from '../../core/errors.ts';
import { encodeAddCheckpoint } from '../../audit/witness/add-checkpoint.ts';
import type { AddCheckpoint } from '../../audit/witness/add-checkpoint.ts';
import type { Witness } from '../../audit/witness/witness.ts';

const TIMEOUT_MILLISECONDS = 10_000;
/** Some lines of signatures. */
const ANSWER_OCTETS_MAX = 16_384;

/** What an operator has to know of an answer; the protocol gives each its meaning. */
const REFUSALS: Readonly<Record<number, string>> = {
  403: 'it was told none of the keys that sign this log: give whoever runs it the lines of `mohr audit keys list`',
  404: 'it does not know a log of this name: give whoever runs it the lines of `mohr audit keys list`',
};

/** A witness over HTTP; one that has seen what is not in this log answers with AuditError `log-forked`. @see https://c2sp.org/tlog-witness */
export class HttpWitness implements Witness {
  readonly key: NoteKey;
  readonly url: string;

  constructor(key: NoteKey, url: string) {
    this.key = key;
    this.url = url;
  }

  async add(request: AddCheckpoint): ReturnType<Witness['add']> {
    const { status, text } = await this.#post(encodeAddCheckpoint(request));
    if (status === 200) return { signatures: parseSignatures(text) };
    const knownSize = /^(0|[1-9]\d{0,15})\n$/.test(text) ? Number(text) : NaN;
    if (status === 409 && Number.isSafeInteger(knownSize)) return { knownSize };
    if (status === 422)
      throw new AuditError('log-forked', `${this.key.name} has seen another history of this log`);
    const meaning = REFUSALS[status];
    throw new AuditError(
      'witness-refused',
      `the witness ${this.key.name} answers HTTP ${status}${meaning ? `: ${meaning}` : ''}`,
    );
  }

  async #post(body: string): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`${this.url}/add-checkpoint`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        if (text.length > ANSWER_OCTETS_MAX) throw new Error('the answer is too long');
      }
      return { status: response.status, text };
    } catch (cause) {
      throw new AuditError('witness-unreachable', `${this.key.name} cannot be asked`, { cause });
    }
  }
}

/** Wherever it leads, this machine and this network too: the operator writes the list (docs/adr/0151-callbacks-stay-out-of-our-networks.md). */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === '';
}

/** Witnesses of a file, one a line: verifier key and URL. Throws AuditError `witness-list`, which names file and line. */
export async function readWitnesses(path: string | undefined): Promise<HttpWitness[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AuditError(
      'witness-list',
      `${path}, the list of witnesses, cannot be read: ${errorCode(cause)}`,
      {
        cause,
      },
    );
  });
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => witnessOf(line, path));
}

function witnessOf(line: string, path: string): HttpWitness {
  const [noteKey = '', url = '', ...rest] = line.split(/\s+/);
  const key = cosignatureKey(noteKey);
  if (!key || rest.length > 0 || !isAddress(url))
    throw new AuditError('witness-list', `${path}: "${line}" is no key of a witness and its URL`);
  return new HttpWitness(key, url.replace(/\/+$/, ''));
}

function cosignatureKey(text: string): NoteKey | undefined {
  try {
    const key = parseNoteKey(text);
    return key.kind === 'cosignature' ? key : undefined;
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}
