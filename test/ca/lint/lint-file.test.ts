import t from 'tap';

import { certificateLints, encodingLints } from '../../../ca/lint/certificate-lints.ts';
import { crlLints } from '../../../ca/lint/crl-lints.ts';
import { lintFile } from '../../../ca/lint/lint-file.ts';
import type { LintedObject } from '../../../ca/lint/lint-file.ts';
import { ocspLints } from '../../../ca/lint/ocsp-lints.ts';
import * as asn1 from '../../../pki/der/encode.ts';
import { encodeOcspError } from '../../../pki/ocsp-response.ts';
import { encodePem } from '../../../pki/pem.ts';
import { signatureAlgorithmIdentifier } from '../../../pki/signature-algorithm.ts';
import { LINT_NOW, lintCertificate, lintCertificateBytes } from '../../support/lint-certificate.ts';
import { lintCrlBytes } from '../../support/lint-crl.ts';
import { OCSP_ISSUER, lintOcspBytes } from '../../support/lint-ocsp.ts';

const leaf = lintCertificateBytes('signing');
const crl = lintCrlBytes();
const response = lintOcspBytes();

t.test('tells a certificate, a CRL and an OCSP response in DER apart', async (t) => {
  t.strictSame(kindsOf(lintFile(leaf)), ['certificate']);
  t.strictSame(kindsOf(lintFile(crl)), ['crl']);
  t.strictSame(
    kindsOf(lintFile(response)),
    ['ocsp-response', 'certificate'],
    "followed by the responder's certificate",
  );
  const v1 = lintCertificateBytes('signing', { version: Buffer.alloc(0), extensionList: [] });
  t.strictSame(kindsOf(lintFile(v1)), ['certificate'], 'also a certificate of version 1');
  const crlV1 = lintCrlBytes({ version: Buffer.alloc(0), extensions: [] });
  t.strictSame(kindsOf(lintFile(crlV1)), ['crl'], 'also a CRL of version 1');
});

t.test('runs every rule of the kind', async (t) => {
  const counts = [leaf, crl, response].map((bytes) => lintFile(bytes)[0].reports.length);
  t.strictSame(counts, [certificateLints.length, crlLints.length, ocspLints.length]);
});

t.test('reads all objects of a PEM file, and passes over what is between them', async (t) => {
  const pem = [
    'Subject: somebody\n',
    encodePem('CERTIFICATE', leaf),
    encodePem('PRIVATE KEY', Buffer.from('not looked at')),
    encodePem('X509 CRL', crl),
    encodePem('OCSP RESPONSE', encodeOcspError('tryLater')),
  ].join('');
  const objects = lintFile(Buffer.from(pem));
  t.strictSame(kindsOf(objects), ['certificate', 'crl', 'ocsp-response']);
  t.equal(objects[2].name, 'tryLater');
});

t.test('judges by the issuer that stands in the same file', async (t) => {
  const chain = [leaf, lintCertificateBytes('intermediate'), lintCertificateBytes('root')];
  const objects = lintFile(Buffer.from(chain.map((bytes) => encodePem('CERTIFICATE', bytes)).join('')));
  const verdicts = objects.map((object) => resultOf(object, 'issuer-matches-subject'));
  t.strictSame(verdicts, ['pass', 'pass', 'not-applicable'], 'a root is judged by itself alone');
});

t.test('judges by the issuer that is given', async (t) => {
  const [found] = lintFile(leaf, { issuer: lintCertificate('intermediate') });
  t.equal(resultOf(found, 'issuer-matches-subject'), 'pass');
  t.equal(
    resultOf(lintFile(crl, { issuer: lintCertificate('root') })[0], 'crl-issuer-matches-subject'),
    'error',
  );
  t.equal(resultOf(lintFile(response, { issuer: OCSP_ISSUER })[0], 'ocsp-cert-id-of-issuer'), 'pass');
});

t.test('judges by the present only when it is told', async (t) => {
  t.equal(resultOf(lintFile(leaf)[0], 'not-before-recent'), 'not-applicable');
  t.equal(resultOf(lintFile(leaf, { now: LINT_NOW })[0], 'not-before-recent'), 'pass');
  const [, responder] = lintFile(response, { now: new Date('2026-09-15T12:00:00Z') });
  t.equal(resultOf(responder, 'not-before-recent'), 'not-applicable', 'the responder was certified earlier');
});

t.test('says why a certificate is unreadable, beside what its bytes tell', async (t) => {
  const bytes = lintCertificateBytes('signing', {
    outerAlgorithm: signatureAlgorithmIdentifier('ecdsa-sha384'),
  });
  const [object] = lintFile(bytes);
  t.equal(object.name, 'unreadable');
  t.equal(object.reports.length, 1 + encodingLints.length);
  t.equal(resultOf(object, 'certificate-readable'), 'error');
  t.equal(resultOf(object, 'signature-algorithms-equal'), 'error');
  t.equal(resultOf(object, 'validity-encoding'), 'pass');
});

t.test('says that a CRL and an OCSP response are unreadable', async (t) => {
  const truncated = asn1.sequence(
    asn1.sequence(asn1.integer(1), asn1.sequence(), asn1.sequence(), asn1.time(LINT_NOW)),
  );
  t.equal(resultOf(lintFile(truncated)[0], 'crl-readable'), 'error');
  const unknownStatus = asn1.sequence(asn1.enumerated(4));
  t.equal(resultOf(lintFile(unknownStatus)[0], 'ocsp-response-readable'), 'error');
});

t.test('refuses what is none of these', async (t) => {
  const files = {
    'an empty file': Buffer.alloc(0),
    text: Buffer.from('hello'),
    'a private key in PEM': Buffer.from(encodePem('PRIVATE KEY', Buffer.from([0x30, 0]))),
    'an empty SEQUENCE': Buffer.from([0x30, 0]),
    'a SEQUENCE that is cut off': Buffer.from([0x30, 0x82, 0x01]),
    'some other DER': asn1.sequence(
      asn1.sequence(asn1.oid('2.999'), asn1.NULL),
      asn1.octetString(Buffer.alloc(9)),
    ),
  };
  for (const [name, file] of Object.entries(files))
    t.throws(() => lintFile(file), { code: 'lint-input-unknown' }, name);
});

t.test('never throws anything else, whichever octet is changed or wherever the file ends', async (t) => {
  const files = [leaf, crl, response];
  let unreadable = 0;
  for (const file of files) {
    for (let at = 0; at < file.length; at += 3) {
      const changed = Buffer.from(file);
      changed[at] ^= 0xff;
      for (const variant of [changed, file.subarray(0, at)]) unreadable += countUnreadable(variant);
    }
  }
  t.ok(unreadable > 100, `${unreadable} variants are reported as unreadable`);
});

function countUnreadable(file: Buffer): number {
  try {
    return lintFile(file).filter(({ name }) => name === 'unreadable').length;
  } catch (fault) {
    if ((fault as { code?: string }).code === 'lint-input-unknown') return 0;
    throw fault;
  }
}

function kindsOf(objects: LintedObject[]): string[] {
  return objects.map(({ kind }) => kind);
}

function resultOf(object: LintedObject, id: string): string | undefined {
  const result = object.reports.find((report) => report.id === id)?.result;
  return typeof result === 'object' ? result.severity : result;
}
