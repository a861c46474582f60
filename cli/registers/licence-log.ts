import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { errorCode } from '../../core/errors.ts';
import { formatPermanentIdentifier } from '../../core/council-number.ts';
import type { LicenceEvent } from '../../ra/licence/licence-event.ts';
import type { LicenceMessage } from '../../ra/licence/licence-message.ts';
import { JWS_TYPES, signDetachedJws } from '../../registers/detached-jws.ts';
import type { RegisteredPerson } from './registered-person.ts';
import type { RegisterKey } from './register-keys.ts';

/** A message as the feed hands it out. */
export interface LicenceLogItem {
  message: string;
  signature: string;
}

const MEMBER_AFTER: Readonly<Record<LicenceEvent, Partial<RegisteredPerson>>> = {
  suspended: { licence: 'suspended' },
  restored: { licence: 'active' },
  ended: { licence: 'ended' },
  deceased: { licence: 'ended', isAlive: false },
};

/** Every message that the development Council has sent, in order; with a file, it survives the process. */
export class LicenceLog {
  readonly #key: RegisterKey;
  readonly #file: string | undefined;
  readonly #items: LicenceLogItem[] = [];
  readonly #last = new Map<string, { sequence: number; changes: Partial<RegisteredPerson> }>();

  private constructor(key: RegisterKey, file: string | undefined) {
    this.#key = key;
    this.#file = file;
  }

  static async open(key: RegisterKey, file?: string): Promise<LicenceLog> {
    const log = new LicenceLog(key, file);
    for (const line of file === undefined ? [] : await linesOf(file))
      log.#add(JSON.parse(line) as LicenceLogItem);
    return log;
  }

  /** Sends one: signs it under the next sequence number of the person's council number. */
  async issue(person: RegisteredPerson, event: LicenceEvent, orderNumber?: string): Promise<LicenceLogItem> {
    const { councilNumber, nationalId } = person;
    const message: LicenceMessage = {
      messageId: `dev-${randomBytes(6).toString('hex')}`,
      councilNumber,
      nationalId,
      sequence: (this.#last.get(formatPermanentIdentifier(councilNumber))?.sequence ?? 0) + 1,
      event,
      ...(orderNumber !== undefined && { orderNumber }),
    };
    const text = JSON.stringify(message);
    const item = { message: text, signature: await this.sign(text) };
    this.#add(item);
    if (this.#file !== undefined) await append(this.#file, item);
    return item;
  }

  /** Signs a message anew; with a moment, for the webhook. */
  sign(message: string, signedAt?: Date): Promise<string> {
    return signDetachedJws(Buffer.from(message), this.#key, JWS_TYPES.licenceMessage, signedAt);
  }

  /** The items after a cursor, which is how many were read before. */
  page(after: string | undefined, limit: number): { items: LicenceLogItem[]; next: string } {
    const start = /^\d{1,9}$/.test(after ?? '') ? Number(after) : 0;
    const items = this.#items.slice(start, start + limit);
    return { items, next: String(start + items.length) };
  }

  /** The person as the messages have left them. */
  apply(person: RegisteredPerson): RegisteredPerson {
    return { ...person, ...this.#last.get(formatPermanentIdentifier(person.councilNumber))?.changes };
  }

  #add(item: LicenceLogItem): void {
    const { councilNumber, sequence, event } = JSON.parse(item.message) as LicenceMessage;
    this.#items.push(item);
    const key = formatPermanentIdentifier(councilNumber);
    const changes = { ...this.#last.get(key)?.changes, ...MEMBER_AFTER[event] };
    this.#last.set(key, { sequence, changes });
  }
}

async function linesOf(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function append(file: string, item: LicenceLogItem): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${JSON.stringify(item)}\n`, { mode: 0o600, flush: true });
}
