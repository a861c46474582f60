import { searchKey } from '../../core/persian-text.ts';

/** What somebody searches for, told by its looks. */
export type SearchTerms =
  /** Up to ten digits: a council number, or a national id when all ten are there. */
  | { kind: 'number'; nationalId?: string; councilDigits: string }
  /** Hexadecimal: a serial number, or its first octets. */
  | { kind: 'serial'; prefix: Buffer }
  /** Each word has to stand somewhere in the name; one or two letters at the beginning of a word. */
  | { kind: 'name'; words: string[] };

/** Longer serial numbers do not exist (RFC 5280 §4.1.2.2). */
const SERIAL_OCTETS_MAX = 20;
/** Fewer find too many to be what somebody has in front of them. */
const SERIAL_OCTETS_MIN = 4;
/** Names have fewer; what is more is not looked for. */
const WORDS_MAX = 8;

/** Reads the text of a search box: either digits, either script, Arabic letters or Persian ones. */
export function readSearchTerms(text: string): SearchTerms {
  const key = searchKey(text);
  const compact = key.replaceAll(/[ :]/g, '');
  if (/^[0-9]{1,10}$/.test(compact))
    return {
      kind: 'number',
      ...(compact.length === 10 && { nationalId: compact }),
      councilDigits: compact.replace(/^0+(?=.)/, ''),
    };
  const octets = compact.length / 2;
  if (/^([0-9a-f]{2})+$/.test(compact) && octets >= SERIAL_OCTETS_MIN && octets <= SERIAL_OCTETS_MAX)
    return { kind: 'serial', prefix: Buffer.from(compact, 'hex') };
  return { kind: 'name', words: key.split(' ').filter(Boolean).slice(0, WORDS_MAX) };
}
