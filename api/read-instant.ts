import { DomainError } from '../core/errors.ts';

/** Reads a text that has passed the date-time format; it admits leap seconds and offsets that Date does not. Throws `instant-malformed`. */
export function readInstant(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new DomainError('instant-malformed', 'a time does not exist in UTC without leap seconds');
}
