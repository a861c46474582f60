import { lintFile } from '../ca/lint/lint-file.ts';
import type { LintedObject } from '../ca/lint/lint-file.ts';
import { lintErrors } from '../ca/lint/lint.ts';
import type { LintReport } from '../ca/lint/lint.ts';
import { DomainError } from '../core/errors.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { decodePem } from '../pki/pem.ts';
import { USAGE_EXIT_CODE, readCommandLine } from './command-line.ts';
import type { Output } from './command-line.ts';
import { readInputFile } from './read-input-file.ts';

const FORM = {
  usage: 'lint <file> [--issuer <file>] [--json]',
  operands: 1,
  values: ['issuer'],
  switches: ['json'],
};

/**
 * `mohr lint`: what our rules say of the certificates, CRLs and OCSP responses in a file, whoever signed them. Resolves to the
 * exit code: 1 when a rule finds an error.
 */
export async function lint(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  const { issuer: issuerFile } = line.values;
  const issuer = issuerFile === undefined ? undefined : certificateOf(await readInputFile(issuerFile));
  const linted = lintFile(await readInputFile(line.operands[0]), issuer && { issuer });
  output.write(line.switches.has('json') ? `${JSON.stringify(linted)}\n` : linted.map(textOf).join(''));
  return linted.some(({ reports }) => lintErrors(reports).length > 0) ? 1 : 0;
}

/** The first certificate of a file: a chain begins with the issuer itself. */
function certificateOf(file: Buffer): Certificate {
  const [block] = decodePem(file.toString('latin1'), ['CERTIFICATE']);
  const bytes = block?.bytes ?? file;
  if (block || bytes[0] === 0x30) return parseCertificate(bytes);
  throw new DomainError('lint-issuer-unknown', '--issuer: neither DER nor PEM of a certificate');
}

/** Findings, and how many rules had none; what does not apply is counted apart from what passed. */
function textOf({ kind, name, reports }: LintedObject): string {
  const count = (result: LintReport['result']) => reports.filter((report) => report.result === result).length;
  const findings = reports.flatMap(({ id, source, result }) =>
    typeof result === 'object' ? [`  ${result.severity} ${id} (${source}): ${result.detail}\n`] : [],
  );
  const summary = `  ${count('pass')} rules passed, ${count('not-applicable')} not applicable\n`;
  return `${kind} ${name}\n${findings.join('')}${summary}`;
}
