import type { Certificate } from '../../pki/certificate.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { TAG } from '../../pki/der/tag.ts';
import type { Lint } from './lint.ts';
import { spanAt } from './span.ts';
import type { Span } from './span.ts';
import { oncePer } from './once-per.ts';

/** What a CRL lint looks at; facts that the caller does not have make rules not applicable. */
export interface LintedCrl {
  crl: CertificateList;
  /** The CA that issued, or will have issued, this CRL. */
  issuer?: Certificate;
  /** When the CRL is, or would be, issued. */
  now?: Date;
}

export type CrlLint = Lint<LintedCrl>;

/** Parts of a CRL as they are written, as offsets into `tbsCertList`. */
export interface RawCrl {
  thisUpdate: Span;
  nextUpdate?: Span;
  revokedCertificates?: Span;
}

/** The raw view, made once per CRL. */
export const rawCrl = oncePer(({ tbsCertList }: CertificateList) => readRaw(tbsCertList));

function readRaw(bytes: Buffer): RawCrl {
  const tbs = spanAt(bytes, 0, bytes.length, TAG.sequence);
  const first = spanAt(bytes, tbs.content, tbs.end);
  const algorithm = first.tag === TAG.integer ? spanAt(bytes, first.end, tbs.end, TAG.sequence) : first;
  const issuer = spanAt(bytes, algorithm.end, tbs.end, TAG.sequence);
  const thisUpdate = spanAt(bytes, issuer.end, tbs.end);
  const raw: RawCrl = { thisUpdate };
  for (let at = thisUpdate.end; at < tbs.end;) {
    const field = spanAt(bytes, at, tbs.end);
    if (field.tag === TAG.utcTime || field.tag === TAG.generalizedTime) raw.nextUpdate = field;
    if (field.tag === TAG.sequence) raw.revokedCertificates = field;
    at = field.end;
  }
  return raw;
}
