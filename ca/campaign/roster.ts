import { CampaignError } from './campaign-error.ts';
import { CsvReader, RECORD_CHARACTERS_MAX } from './csv-reader.ts';
import type { CsvRecord } from './csv-reader.ts';

export type RosterFormat = 'csv' | 'ndjson';

/** One row of a roster; `line` is where it stands in the file, from 1. */
export type RosterRow =
  | { line: number; values: Readonly<Record<string, string>>; fault?: undefined }
  | { line: number; fault: CampaignError; values?: undefined };

export interface RosterForm {
  format: RosterFormat;
  /** Columns that the header must name; those of NDJSON rows are looked at one by one. */
  required: readonly string[];
}

/**
 * Reads a roster in pieces, so that its size does not matter. Each row comes out, the wrong ones as faults. Throws CampaignError
 * `roster-header` where the first line of a CSV file does not name the columns.
 */
export async function* readRoster(
  chunks: AsyncIterable<string>,
  form: RosterForm,
): AsyncGenerator<RosterRow> {
  const read = form.format === 'csv' ? csvRows(form.required) : ndjsonRows();
  for await (const chunk of chunks) yield* read.push(chunk);
  yield* read.end();
}

interface RowReader {
  push(text: string): RosterRow[];
  end(): RosterRow[];
}

function csvRows(required: readonly string[]): RowReader {
  const reader = new CsvReader();
  let header: string[] | undefined;
  const rows = (records: readonly CsvRecord[]) => {
    const found: RosterRow[] = [];
    for (const record of records) {
      if (header) found.push(rowOf(record, header));
      else header = headerOf(record, required);
    }
    return found;
  };
  return {
    push: (text) => rows(reader.push(text)),
    end: () => {
      const last = rows(reader.end());
      if (!header) throw new CampaignError('roster-header', 'the roster is empty');
      return last;
    },
  };
}

function headerOf(record: CsvRecord, required: readonly string[]): string[] {
  const names = (record.fields ?? []).map((name) => name.trim().toLowerCase());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length === 0 && new Set(names).size === names.length) return names;
  const fault = missing.length > 0 ? `lacks ${missing.join(', ')}` : 'names a column twice';
  throw new CampaignError('roster-header', `line ${record.line} is to name the columns, and ${fault}`);
}

function rowOf(record: CsvRecord, header: readonly string[]): RosterRow {
  const { line } = record;
  if (record.fault) return { line, fault: new CampaignError(record.fault, FAULTS[record.fault]) };
  if (record.fields.length !== header.length) {
    const detail = `${record.fields.length} fields, expected ${header.length}`;
    return { line, fault: new CampaignError('row-malformed', detail) };
  }
  return { line, values: Object.fromEntries(header.map((name, index) => [name, record.fields[index]])) };
}

const FAULTS = {
  'row-malformed': 'quotes that do not match',
  'row-too-long': `more than ${RECORD_CHARACTERS_MAX} characters`,
};

function ndjsonRows(): RowReader {
  let rest = '';
  let line = 0;
  let isTooLong = false;
  const take = (text: string): RosterRow[] => {
    line += 1;
    const tooLong = isTooLong || text.length > RECORD_CHARACTERS_MAX;
    isTooLong = false;
    if (tooLong) return [{ line, fault: new CampaignError('row-too-long', FAULTS['row-too-long']) }];
    const trimmed = text.replace(/^\ufeff/, '').trim();
    return trimmed === '' ? [] : [objectRow(line, trimmed)];
  };
  return {
    push: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      const rows = lines.flatMap(take);
      if (rest.length > RECORD_CHARACTERS_MAX) {
        isTooLong = true;
        rest = '';
      }
      return rows;
    },
    end: () => (rest === '' && !isTooLong ? [] : take(rest)),
  };
}

function objectRow(line: number, text: string): RosterRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { line, fault: new CampaignError('row-malformed', 'no JSON') };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { line, fault: new CampaignError('row-malformed', 'no JSON object') };
  }
  // A number would have lost the zeros that an id begins with.
  const values = parsed as Record<string, unknown>;
  const wrong = Object.keys(values).find((name) => typeof values[name] !== 'string');
  if (wrong !== undefined) return { line, fault: new CampaignError('row-malformed', `${wrong} is no text`) };
  return { line, values: values as Record<string, string> };
}
