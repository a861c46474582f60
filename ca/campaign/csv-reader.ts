/** One record of a CSV file; `line` is where it begins, from 1. `fault`: it cannot be told apart into fields. */
export type CsvRecord =
  | { line: number; fields: string[]; fault?: undefined }
  | { line: number; fault: 'row-malformed' | 'row-too-long'; fields?: undefined };

/** A row has a request of up to 22,000 characters in base64, and perhaps a proof that contains it again with a certificate. */
export const RECORD_CHARACTERS_MAX = 131_072;

const SPECIAL = /[",;\r\n]/g;

type Place = 'start' | 'plain' | 'quoted' | 'after-quote' | 'skipping';

/**
 * Reads CSV (RFC 4180) in pieces of any size: quotes, doubled quotes, line breaks inside quotes, CRLF or LF, a byte order mark,
 * and `;` in place of the comma when the first line has one and no comma, as spreadsheets of some locales write it. A record
 * that is wrong or too long is reported once, and reading goes on at the next line.
 */
export class CsvReader {
  #place: Place = 'start';
  #separator: string | undefined;
  #fields: string[] = [];
  #field = '';
  #characters = 0;
  #line = 1;
  #recordLine = 1;
  #isFirst = true;

  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    const input = this.#isFirst ? text.replace(/^\ufeff/, '') : text;
    if (input !== '') this.#isFirst = false;
    this.#separator ??= separatorOf(input);
    for (let at = 0; at < input.length;) {
      const run = this.#plainRun(input, at);
      if (run > at) this.#field += input.slice(at, run);
      else this.#take(input[at], records);
      at = Math.max(run, at + 1);
    }
    return records;
  }

  /** Where the characters end that only add to the field: most of a row is one long request. */
  #plainRun(input: string, at: number): number {
    if (this.#place !== 'quoted' && this.#place !== 'plain') return at;
    SPECIAL.lastIndex = at;
    const end = SPECIAL.exec(input)?.index ?? input.length;
    if (this.#characters + end - at > RECORD_CHARACTERS_MAX) return at;
    this.#characters += end - at;
    return end;
  }

  /** The record that no line break ended, if there is one. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    if (this.#place === 'quoted') this.#report('row-malformed', records);
    else if (this.#characters > 0) this.#finish(records);
    return records;
  }

  #take(character: string, records: CsvRecord[]): void {
    const isBreak = character === '\n';
    if (isBreak) this.#line += 1;
    if (this.#place === 'skipping') {
      if (isBreak) this.#restart();
      return;
    }
    this.#characters += 1;
    if (this.#characters > RECORD_CHARACTERS_MAX) {
      this.#report('row-too-long', records);
      if (isBreak) this.#restart();
      return;
    }
    if (this.#place === 'quoted') this.#takeQuoted(character);
    else if (isBreak) this.#finish(records);
    else if (character === (this.#separator ?? ',')) this.#endField();
    else this.#takePlain(character, records);
  }

  #takeQuoted(character: string): void {
    if (character === '"') this.#place = 'after-quote';
    else this.#field += character;
  }

  #takePlain(character: string, records: CsvRecord[]): void {
    if (character === '"' && this.#place === 'start') {
      this.#place = 'quoted';
    } else if (character === '"' && this.#place === 'after-quote') {
      this.#field += '"';
      this.#place = 'quoted';
    } else if (character === '\r') {
      return;
    } else if (character === '"' || this.#place === 'after-quote') {
      this.#report('row-malformed', records);
    } else {
      this.#field += character;
      this.#place = 'plain';
    }
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#place = 'start';
  }

  #finish(records: CsvRecord[]): void {
    this.#endField();
    const isEmpty = this.#fields.every((field) => field.trim() === '');
    if (!isEmpty) records.push({ line: this.#recordLine, fields: this.#fields });
    this.#restart();
  }

  #report(fault: 'row-malformed' | 'row-too-long', records: CsvRecord[]): void {
    records.push({ line: this.#recordLine, fault });
    this.#place = 'skipping';
  }

  #restart(): void {
    this.#place = 'start';
    this.#fields = [];
    this.#field = '';
    this.#characters = 0;
    this.#recordLine = this.#line;
  }
}

function separatorOf(text: string): string | undefined {
  const [first] = text.split('\n', 1);
  if (first === '') return undefined;
  return first.includes(';') && !first.includes(',') ? ';' : ',';
}
