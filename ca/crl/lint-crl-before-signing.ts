import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { certificateListParts, tbsCertListParts } from '../../pki/crl-encode.ts';
import type { DerParts, TbsCertListFields } from '../../pki/crl-encode.ts';
import { CaError } from '../ca-error.ts';
import { crlEntryLints, crlHeadLints } from '../lint/crl-lints.ts';
import { crlEntryDatesPast } from '../lint/crl-rules/crl-entry-dates-past.ts';
import { lintErrors, runLints } from '../lint/lint.ts';

/** Entries that are linted, in octets: a millisecond or two. All are written by one encoder, the newest ones last. */
const LINTED_ENTRIES_OCTETS = 65_536;

// An entry dated after thisUpdate shows that two clocks differ; it must not keep all other revocations unpublished.
const LINTS = [...crlHeadLints, ...crlEntryLints.filter((lint) => lint !== crlEntryDatesPast)];

/** Lints the CRL to be, with its newest entries for all; throws CaError `lint-failed` with every error found. */
export function lintCrlBeforeSigning(fields: TbsCertListFields, issuer: Certificate): void {
  const tbs = tbsCertListParts({ ...fields, entries: newest(fields.entries) });
  // The rules look at what is signed; a signature is only there to make a CRL of it.
  const signature = Buffer.alloc(1);
  const crl = parseCertificateList(
    Buffer.concat(certificateListParts(tbs, fields.signatureAlgorithm, signature)),
  );
  const errors = lintErrors(runLints(LINTS, { crl, issuer, now: fields.thisUpdate }));
  if (errors.length === 0) return;
  throw new CaError(
    'lint-failed',
    errors.map(({ id, source, result }) => `${id} (${source}): ${result.detail}`).join('; '),
  );
}

function newest(entries: DerParts): DerParts {
  let first = entries.length;
  for (let octets = 0; first > 0 && octets < LINTED_ENTRIES_OCTETS; octets += entries[first].length)
    first -= 1;
  return entries.slice(first);
}
