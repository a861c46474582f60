import { applicationBody } from './applications.ts';
import type { MemorySigner } from './memory-signer.ts';

/** One row of a campaign roster, of another synthetic doctor each time; override what a test is about. */
export async function rosterRow(
  override: Record<string, string> = {},
  signer?: MemorySigner,
): Promise<Record<string, string>> {
  const { applicant, certificationRequest } = await applicationBody({}, signer);
  return {
    national_id: applicant.nationalId,
    given_name: applicant.givenName,
    surname: applicant.surname,
    latin_name: applicant.latinName,
    council_group: applicant.councilNumber.group,
    council_digits: applicant.councilNumber.digits,
    request: certificationRequest.replace(/-----[A-Z ]+-----|\n/g, ''),
    ...override,
  };
}

/** The rows as a CSV file with a header; fields with commas, quotes or line breaks are quoted. */
export function csvOf(rows: readonly Record<string, string>[]): string {
  const header = Object.keys(rows[0]);
  const field = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [header, ...rows.map((row) => header.map((name) => row[name]))]
    .map((fields) => `${fields.map(field).join(',')}\r\n`)
    .join('');
}
