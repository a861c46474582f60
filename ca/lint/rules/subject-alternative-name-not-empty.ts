import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** subjectAltName has at least one name, and none of them is empty. */
export const subjectAlternativeNameNotEmpty: CertificateLint = {
  id: 'subject-alternative-name-not-empty',
  source: 'RFC 5280 §4.2.1.6',
  check({ certificate }) {
    const names = parsedExtensions(certificate).subjectAltName;
    if (!names) return 'not-applicable';
    if (names.length === 0) return error('subjectAltName is empty');
    const empty = names.some(
      (name) => (name.kind === 'directoryName' ? name.name.rdns : contents(name)).length === 0,
    );
    return empty ? error('subjectAltName has an empty name') : 'pass';
  },
};

function contents(name: { value: string | Buffer } | { content: Buffer }): string | Buffer {
  return 'value' in name ? name.value : name.content;
}
