import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { certificateLints } from '../../ca/lint/certificate-lints.ts';
import { crlLints } from '../../ca/lint/crl-lints.ts';
import { ocspLints } from '../../ca/lint/ocsp-lints.ts';
import { ONE_CERTIFICATE_PER_HOLDER } from '../../ca/issue/one-certificate-per-holder.ts';

/** The list of all lints for readers without the sources at hand. */
export const LINTS_FILE = fileURLToPath(new URL('../../docs/LINTS.md', import.meta.url));

interface Rule {
  id: string;
  source: string;
}

/** Every lint, by what it looks at; `folder` holds a file for each, and one of the same name with its cases. */
export const LINT_GROUPS: readonly { title: string; folder: string; lints: readonly Rule[] }[] = [
  { title: 'Certificates', folder: 'rules', lints: certificateLints },
  { title: 'CRLs', folder: 'crl-rules', lints: crlLints },
  { title: 'OCSP answers', folder: 'ocsp-rules', lints: ocspLints },
];

const HEAD = `# Lints

For auditors: every rule that a certificate, CRL or OCSP answer of ours has to pass, in the order in which they run. A rule
is a file of \`ca/lint/\` with the rule's name; good, bad and not applicable cases are in the file of the same name under
\`test/ca/lint/\`. Certificates are linted before they are signed, CRLs too, OCSP answers in tests. An error forbids to
sign; what is not applicable is not counted as passed.

This page is written by \`npm run docs\` from the rules themselves.
`;

/** Markdown of docs/LINTS.md, from the rules and the first sentence of each. */
export function lintsDocument(): string {
  const parts = LINT_GROUPS.map(({ title, folder, lints }) => {
    const rows = lints.map(({ id, source }) => `| \`${id}\` | ${sentenceOf(folder, id)} | ${source} |\n`);
    return `\n## ${title}\n\nIn \`ca/lint/${folder}/\`.\n\n| rule | what it asks | clause |\n|---|---|---|\n${rows.join('')}`;
  });
  return HEAD + parts.join('') + recordsPart();
}

/** Rules that no single certificate can be judged by. */
function recordsPart(): string {
  const rules = [ONE_CERTIFICATE_PER_HOLDER];
  const rows = rules.map(
    ({ id, sentence, code, source }) => `| \`${id}\` | ${sentence} Refused as \`${code}\`. | ${source} |\n`,
  );
  return `\n## Records\n\nAsked of the database in the transaction that would record the intent, before anything is signed; in \`ca/issue/\`.\n\n| rule | what it asks | clause |\n|---|---|---|\n${rows.join('')}`;
}

function sentenceOf(folder: string, id: string): string {
  const text = readFileSync(new URL(`../../ca/lint/${folder}/${id}.ts`, import.meta.url), 'utf8');
  const exported =
    /\/\*\*([^/]*?)\*\/\s*export const \w+: \w+Lint/.exec(text) ?? /\/\*\*([\s\S]*?)\*\//.exec(text);
  const words = (exported?.[1] ?? '')
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words.replaceAll('|', '\\|');
}
