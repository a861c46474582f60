import { isObject } from '../../core/is-object.ts';
import { AttestationError } from './attestation-error.ts';

/** Serial numbers, hexadecimal without leading zeros, of certificates that vouch for nothing any more. */
export type AndroidStatusList = ReadonlySet<string>;

/** The whole published list has some thousand entries. */
const ENTRIES_MAX = 1_000_000;

/**
 * Reads Google's list: `{"entries": {"<serial>": {"status": "REVOKED" | "SUSPENDED", …}}}`. Whatever stands in it is not to be
 * trusted, also with a status that nobody knows yet. Throws AttestationError `attestation-status-outdated` for anything else.
 *
 * @see https://developer.android.com/privacy-and-security/security-key-attestation#certificate_status
 */
export function parseAndroidStatusList(text: string): AndroidStatusList {
  const entries = entriesOf(text);
  const serials = Object.keys(entries);
  if (serials.length > ENTRIES_MAX) throw unreadable(`${serials.length} entries, at most ${ENTRIES_MAX}`);
  const wrong = serials.find((serial) => !/^[0-9a-fA-F]{1,40}$/.test(serial));
  if (wrong !== undefined) throw unreadable('an entry is no serial number');
  return new Set(serials.map((serial) => serialText(Buffer.from(serial.padStart(40, '0'), 'hex'))));
}

/** A serial number as the list names it. */
export function serialText(serialNumber: Uint8Array): string {
  return Buffer.from(serialNumber).toString('hex').replace(/^0+/, '');
}

function entriesOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && isObject(value['entries'])) return value['entries'];
  } catch {
    // Told below.
  }
  throw unreadable('it has no entries');
}

function unreadable(detail: string): AttestationError {
  return new AttestationError('attestation-status-outdated', `the status list cannot be read: ${detail}`);
}
