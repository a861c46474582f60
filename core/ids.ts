import { randomBytes } from 'node:crypto';

import type { Clock } from './clock.ts';
import type { Id } from './id.ts';

export type { Id } from './id.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** 12 bits of the id count what was made within one millisecond; they start low enough to count on. */
const COUNTER_START_MAX = 0x800;
const COUNTER_MAX = 0xfff;

let last = { milliseconds: 0, counter: 0 };

/** Makes a UUID version 7 (RFC 9562 §5.7, §6.2 method 1): in this process each sorts after the one before. */
export function newId<Kind extends string>(clock: Clock): Id<Kind> {
  const bytes = randomBytes(16);
  last = following(clock.now().getTime(), bytes.readUInt16BE(6) % COUNTER_START_MAX);
  bytes.writeUIntBE(last.milliseconds, 0, 6);
  bytes.writeUInt16BE(0x7000 | last.counter, 6);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Kind>;
}

/** A clock that stands still or goes back counts on; a full counter borrows the next millisecond. */
function following(now: number, start: number): typeof last {
  if (now > last.milliseconds) return { milliseconds: now, counter: start };
  if (last.counter < COUNTER_MAX) return { ...last, counter: last.counter + 1 };
  return { milliseconds: last.milliseconds + 1, counter: start };
}

/** Whether a text has the form of our ids. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
