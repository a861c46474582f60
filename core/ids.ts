import { randomBytes } from 'node:crypto';

import type { Clock } from './clock.ts';

declare const brand: unique symbol;

/** A string that is an id of one kind only; `ApplicationId` cannot be passed where an `OfficerId` is due. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Makes a UUID version 7 (RFC 9562 §5.7): ordered by time, so indexes stay dense. */
export function newId<Kind extends string>(clock: Clock): Id<Kind> {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(clock.now().getTime(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id<Kind>;
}

/** Whether a text has the form of our ids. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
