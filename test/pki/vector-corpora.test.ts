import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { parseOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { decodePem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { VECTORS } from '../support/pkits.ts';

// The samples that the makers of Python's cryptography collected, well formed and not: each is read, or refused with a reason.

type Parse = (bytes: Uint8Array) => unknown;

/** What is refused, and with which code; everything else is read. */
const REFUSED: Readonly<Record<string, string>> = {
  'badasn1time.pem': 'der-malformed',
  'cryptography-scts-tbs-precert.der': 'der-malformed',
  'v1_cert.pem': 'certificate-malformed',
  'custom/crl_bad_version.pem': 'crl-malformed',
  'custom/crl_dup_entry_ext.pem': 'der-malformed',
  'custom/crl_invalid_time.der': 'der-malformed',
  'custom/invalid_utf8_common_name.pem': 'der-malformed',
  'custom/invalid_version.pem': 'certificate-malformed',
  'custom/two_basic_constraints.pem': 'der-malformed',
  'ocsp/req-duplicate-ext.der': 'der-malformed',
  'ocsp/resp-response-type-unknown-oid.der': 'ocsp-response-malformed',
  'ocsp/resp-successful-no-response-bytes.der': 'ocsp-response-malformed',
  'ocsp/resp-unknown-response-status.der': 'ocsp-response-malformed',
  'requests/bad-version.pem': 'certification-request-malformed',
  // Signed over SHA-1 or MD4, with DSA keys, or not by their own keys.
  ...Object.fromEntries(
    [
      'basic_constraints.pem',
      'challenge-invalid.der',
      'challenge-multi-valued.der',
      'dsa_sha1.der',
      'dsa_sha1.pem',
      'invalid_signature.pem',
      'long-form-attribute.pem',
      'rsa_sha1.der',
      'rsa_sha1.pem',
      'san_rsa_sha1.der',
      'san_rsa_sha1.pem',
      'two_basic_constraints.pem',
      'unsupported_extension.pem',
      'unsupported_extension_critical.pem',
    ].map((name) => [`requests/${name}`, 'certification-request-signature']),
  ),
  'requests/rsa_md4.der': 'certification-request-malformed',
  'requests/rsa_md4.pem': 'certification-request-malformed',
};

const BY_LABEL: Readonly<Record<string, Parse>> = {
  CERTIFICATE: parseCertificate,
  'X509 CRL': parseCertificateList,
  'CERTIFICATE REQUEST': parseCertificationRequest,
};

t.test('reads each sample of X.509, or says why not', async (t) => {
  const folder = join(VECTORS, 'x509');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(pem|der)$/.test(name) && !name.startsWith('PKITS_data'),
  );
  t.ok(names.length > 150, `${names.length} samples`);
  for (const name of names) {
    const expected = REFUSED[name];
    for (const outcome of outcomesOf(name, readFileSync(join(folder, name))))
      if (outcome !== expected) t.fail(`${name}: ${outcome ?? 'read'}, expected ${expected ?? 'to be read'}`);
  }
});

t.test('reads the certificates and CRLs in the samples of PKCS#7', async (t) => {
  const read = (name: string) => parseSignedData(readFileSync(join(VECTORS, 'pkcs7', name)));
  t.equal(read('amazon-roots.der').certificates.length, 2);
  t.equal(read('isrg.pem').certificates.length, 1);
  t.throws(() => read('enveloped.pem'), { code: 'cms-malformed' });
});

/** For each object of a file its refusal, or undefined when it is read. */
function outcomesOf(name: string, bytes: Buffer): (string | undefined)[] {
  if (name.endsWith('.der')) return [refusalOf(parserOf(name), bytes)];
  const blocks = decodePem(bytes.toString('latin1'), Object.keys(BY_LABEL));
  return blocks.map((block) => refusalOf(BY_LABEL[block.label], block.bytes));
}

function parserOf(name: string): Parse {
  if (name.startsWith('ocsp/')) return name.includes('req') ? parseOcspRequest : parseOcspResponse;
  if (name.startsWith('requests/')) return parseCertificationRequest;
  return name.includes('crl_') ? parseCertificateList : parseCertificate;
}

function refusalOf(parse: Parse, bytes: Buffer): string | undefined {
  try {
    parse(bytes);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return cause.code;
  }
}
