import { councilGroups } from '../core/council-number.ts';
import type { SearchTerms } from '../ra/holders/search-terms.ts';

const GROUPS = councilGroups.map(({ code }) => code);

/** Conditions of one statement and the values that they name; a list that only grows. */
export class Conditions {
  readonly values: unknown[];
  readonly #texts: string[] = [];

  /** With the values of another list, whose statement these conditions become a part of. */
  constructor(values: unknown[] = []) {
    this.values = values;
  }

  /** `$` in the text stands for the value. */
  add(text: string, value: unknown): void {
    this.values.push(value);
    this.#texts.push(text.replaceAll('$', `$${this.values.length}`));
  }

  /** Names a value that stands elsewhere in the statement. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  addText(text: string): void {
    this.#texts.push(text);
  }

  get where(): string {
    return this.#texts.length > 0 ? this.#texts.join(' and ') : 'true';
  }
}

/** The number as a condition on a row with `national_id`, `council_group` and `council_digits`. */
export function addNumber(
  conditions: Conditions,
  row: string,
  { nationalId, councilDigits }: Extract<SearchTerms, { kind: 'number' }>,
): void {
  const ofCouncil = `(${row}.council_group = any(${conditions.value(GROUPS)}::text[])
    and ${row}.council_digits = ${conditions.value(councilDigits)})`;
  conditions.addText(
    nationalId === undefined
      ? ofCouncil
      : `(${row}.national_id = ${conditions.value(nationalId)} or ${ofCouncil})`,
  );
}

/** Certificates whose serial number begins so, in each authority: its key's index has the authority first. */
export function addSerialPrefix(
  conditions: Conditions,
  { prefix }: Extract<SearchTerms, { kind: 'serial' }>,
): void {
  conditions.addText('c.authority_id = any(array(select id from authority))');
  conditions.add('c.serial_number >= $', prefix);
  conditions.add('c.serial_number <= $', Buffer.concat([prefix, Buffer.alloc(20 - prefix.length, 0xff)]));
}
