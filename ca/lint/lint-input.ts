import { asBuffer } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { decodePem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { CaError } from '../ca-error.ts';
import { spanAt } from './span.ts';

export type LintedKind = 'certificate' | 'crl' | 'ocsp-response';

/** One object to be linted, and what it seems to be. */
export interface LintInput {
  kind: LintedKind;
  /** DER. */
  bytes: Buffer;
}

const LABELS: Record<string, LintedKind> = {
  CERTIFICATE: 'certificate',
  'X509 CRL': 'crl',
  'OCSP RESPONSE': 'ocsp-response',
};

/** The one DER object of a file, or all its PEM blocks that we lint; throws CaError `lint-input-unknown`. */
export function lintInputs(file: Uint8Array): LintInput[] {
  const bytes = asBuffer(file);
  if (bytes[0] === TAG.sequence) return [{ kind: kindOfDer(bytes), bytes }];
  const blocks = decodePem(bytes.toString('latin1'), Object.keys(LABELS));
  if (blocks.length === 0) throw unknown('neither DER nor PEM of a certificate, a CRL or an OCSP response');
  return blocks.map((block) => ({ kind: LABELS[block.label], bytes: block.bytes }));
}

/** Told by the first elements, so that a faulty one still meets the rules of its kind. */
function kindOfDer(bytes: Buffer): LintedKind {
  try {
    const outer = spanAt(bytes, 0, bytes.length, TAG.sequence);
    const first = spanAt(bytes, outer.content, outer.end);
    if (first.tag === TAG.enumerated) return 'ocsp-response';
    const field = spanAt(bytes, first.content, first.end);
    if (field.tag === context(0)) return 'certificate';
    // Both start with up to an INTEGER, an algorithm and a name; then a CRL has a time, a certificate two in a SEQUENCE.
    const algorithm = field.tag === TAG.integer ? spanAt(bytes, field.end, first.end) : field;
    const name = spanAt(bytes, algorithm.end, first.end, TAG.sequence);
    const time = spanAt(bytes, name.end, first.end);
    if (time.tag === TAG.utcTime || time.tag === TAG.generalizedTime) return 'crl';
    if (time.tag === TAG.sequence && field.tag === TAG.integer) return 'certificate';
  } catch (fault) {
    if (!(fault instanceof PkiError)) throw fault;
  }
  throw unknown('DER, but of no certificate, CRL or OCSP response');
}

function unknown(detail: string): CaError {
  return new CaError('lint-input-unknown', detail);
}
