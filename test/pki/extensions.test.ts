import 'reflect-metadata';

import * as x509 from '@peculiar/x509';
import { fromBER } from 'asn1js';
import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { basicConstraintsExtension, parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import { crlNumberExtension } from '../../pki/extensions/crl-number.ts';
import { deltaCrlIndicatorExtension } from '../../pki/extensions/delta-crl-indicator.ts';
import { expiredCertsOnCrlExtension } from '../../pki/extensions/expired-certs-on-crl.ts';
import { extendedKeyUsageExtension, parseExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts';
import { invalidityDateExtension } from '../../pki/extensions/invalidity-date.ts';
import { issuingDistributionPointExtension } from '../../pki/extensions/issuing-distribution-point.ts';
import {
  authorityKeyIdentifierExtension,
  parseAuthorityKeyIdentifier,
  parseSubjectKeyIdentifier,
  subjectKeyIdentifierExtension,
} from '../../pki/extensions/key-identifiers.ts';
import { KEY_USAGES, keyUsageExtension, parseKeyUsage } from '../../pki/extensions/key-usage.ts';
import type { KeyUsage } from '../../pki/extensions/key-usage.ts';
import { ocspNoCheckExtension } from '../../pki/extensions/ocsp-no-check.ts';
import { naturalPersonSemanticsExtension, parseQcStatements } from '../../pki/extensions/qc-statements.ts';
import { reasonCodeExtension } from '../../pki/extensions/reason-code.ts';
import { CE, KP, PKIX } from '../../pki/oid.ts';
import { pkijsOf, readByOthers } from '../support/extension-readers.ts';

const malformed = { name: 'PkiError', code: 'der-malformed' };
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const octets = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const keyId = octets('00ff'.repeat(10));

const written = [
  basicConstraintsExtension({ ca: true, pathLength: 0 }),
  keyUsageExtension(['digitalSignature', 'nonRepudiation', 'decipherOnly']),
  extendedKeyUsageExtension([KP.documentSigning, KP.timeStamping], true),
  ocspNoCheckExtension(),
  naturalPersonSemanticsExtension(),
  crlNumberExtension(4711),
  deltaCrlIndicatorExtension(4700),
  expiredCertsOnCrlExtension(new Date('2026-01-01T00:00:00Z')),
  invalidityDateExtension(new Date('2026-02-03T04:05:06Z')),
  issuingDistributionPointExtension(['http://ca.example/crl/bronze/7.crl']),
  reasonCodeExtension('keyCompromise'),
];
const others = await readByOthers(written);

t.test('basicConstraints', async (t) => {
  const cases: [Parameters<typeof basicConstraintsExtension>[0], string][] = [
    [{ ca: false }, '3000'],
    [{ ca: true }, '30030101ff'],
    [{ ca: true, pathLength: 0 }, '30060101ff020100'],
    [{ ca: true, pathLength: 200 }, '30070101ff020200c8'],
  ];
  for (const [constraints, encoded] of cases) {
    const extension = basicConstraintsExtension(constraints);
    t.match(extension, { oid: '2.5.29.19', critical: true });
    t.equal(hex(extension.value), encoded);
    t.same(parseBasicConstraints(extension.value), constraints);
    const theirs = pkijsOf(extension.value, pkijs.BasicConstraints);
    t.same([theirs.cA, theirs.pathLenConstraint], [constraints.ca, constraints.pathLength]);
  }
  t.match(others.peculiar.getExtension(x509.BasicConstraintsExtension), {
    ca: true,
    pathLength: 0,
    critical: true,
  });
  t.same(others.printed('X509v3 Basic Constraints: critical'), ['CA:TRUE, pathlen:0']);
  t.same(parseBasicConstraints(octets('3003010100')), { ca: false }, 'FALSE said aloud');
  for (const bad of [
    '',
    '0101ff',
    '30030101 01',
    '30060101ff0201ff',
    '30060201000101ff',
    '30080101ff0201000500',
    '3003020101 00',
  ]) {
    t.throws(() => parseBasicConstraints(octets(bad)), malformed, bad);
  }
});

t.test('keyUsage', async (t) => {
  const cases: [KeyUsage[], string][] = [
    [['nonRepudiation'], '03020640'],
    [['digitalSignature', 'nonRepudiation'], '030206c0'],
    [['keyCertSign', 'cRLSign'], '03020106'],
    [['encipherOnly'], '03020001'],
    [['decipherOnly'], '0303070080'],
    [[...KEY_USAGES], '030307ff80'],
  ];
  for (const [usages, encoded] of cases) {
    const extension = keyUsageExtension(usages);
    t.match(extension, { oid: '2.5.29.15', critical: true });
    t.equal(hex(extension.value), encoded);
    t.same(parseKeyUsage(extension.value), usages);
    t.equal(
      new x509.KeyUsagesExtension(asn1.sequence(asn1.oid(CE.keyUsage), asn1.octetString(extension.value)))
        .usages,
      usages.reduce((flags, usage) => flags | (1 << KEY_USAGES.indexOf(usage)), 0),
    );
  }
  t.same(others.printed('X509v3 Key Usage: critical'), ['Digital Signature, Non Repudiation, Decipher Only']);
  t.same(parseKeyUsage(octets('03020080')), ['digitalSignature'], 'trailing zeros');
  t.same(parseKeyUsage(octets('030400000001')), [], 'bits that have no name');
  for (const bad of ['', '3000', '0300', '030207ff', '0302064000', '23040302 0640']) {
    t.throws(() => parseKeyUsage(octets(bad)), malformed, bad);
  }
});

t.test('extKeyUsage', async (t) => {
  const extension = extendedKeyUsageExtension([KP.documentSigning]);
  t.match(extension, { oid: '2.5.29.37', critical: false });
  t.equal(hex(extension.value), '300a06082b06010505070324');
  t.same(parseExtendedKeyUsage(extension.value), [KP.documentSigning]);
  t.match(others.peculiar.getExtension(x509.ExtendedKeyUsageExtension), {
    usages: [KP.documentSigning, KP.timeStamping],
    critical: true,
  });
  t.same(others.printed('X509v3 Extended Key Usage: critical'), ['1.3.6.1.5.5.7.3.36, Time Stamping']);
  for (const bad of ['', '06032a0304', '30020500', '30050c032a0304', '300506032a030400']) {
    t.throws(() => parseExtendedKeyUsage(octets(bad)), malformed, bad);
  }
});

t.test('subjectKeyIdentifier and authorityKeyIdentifier', async (t) => {
  const subject = subjectKeyIdentifierExtension(keyId);
  const authority = authorityKeyIdentifierExtension(keyId);
  t.match(subject, { oid: '2.5.29.14', critical: false });
  t.match(authority, { oid: '2.5.29.35', critical: false });
  t.equal(hex(subject.value), `0414${hex(keyId)}`);
  t.equal(hex(authority.value), `30168014${hex(keyId)}`);
  t.same(parseSubjectKeyIdentifier(subject.value), keyId);
  t.same(parseAuthorityKeyIdentifier(authority.value), keyId);
  t.equal(
    hex(pkijsOf(authority.value, pkijs.AuthorityKeyIdentifier).keyIdentifier?.valueBlock.valueHexView),
    hex(keyId),
  );
  const [line] = others.printed('X509v3 Subject Key Identifier:');
  t.equal(
    line.replaceAll(':', '').toLowerCase(),
    others.peculiar.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
  );
  t.equal(line, others.printed('X509v3 Authority Key Identifier:')[0]);
  const otherForm = asn1.sequence(asn1.implicit(1, asn1.sequence()), asn1.implicit(2, asn1.integer(1)));
  t.equal(parseAuthorityKeyIdentifier(otherForm), undefined, 'issuer and serial number alone');
  t.throws(() => parseAuthorityKeyIdentifier(octets('0401 00')), malformed);
  for (const bad of ['', '0500', '04010000'])
    t.throws(() => parseSubjectKeyIdentifier(octets(bad)), malformed, bad);
});

t.test('ocsp-nocheck and qcStatements', async (t) => {
  t.match(ocspNoCheckExtension(), { oid: '1.3.6.1.5.5.7.48.1.5', critical: false, value: octets('0500') });
  t.match(others.text, /OCSP No Check: \n/);
  const { value } = naturalPersonSemanticsExtension();
  t.equal(hex(value), '3017301506082b06010505070b023009060704008bec490101');
  const [{ id, type }] = pkijsOf(value, pkijs.QCStatements).values;
  t.equal(id, PKIX.qcStatementSemantics);
  t.equal(hex(new Uint8Array((type as asn1js.AsnType).toBER())), '3009060704008bec490101');
  t.same(parseQcStatements(value), [
    { id: PKIX.qcStatementSemantics, info: octets('3009060704008bec490101') },
  ]);
  t.same(parseQcStatements(asn1.sequence(asn1.sequence(asn1.oid('0.4.0.1862.1.1')))), [
    { id: '0.4.0.1862.1.1' },
  ]);
  for (const bad of ['', '0500', '30020500', '30023000'])
    t.throws(() => parseQcStatements(octets(bad)), malformed, bad);
});

t.test('openssl names the extensions of CRLs', async (t) => {
  t.same(others.printed('X509v3 CRL Number:'), ['4711']);
  t.same(others.printed('X509v3 Delta CRL Indicator: critical'), ['4700']);
  t.same(others.printed('2.5.29.60:'), ['..20260101000000Z']);
  t.same(others.printed('Invalidity Date:'), ['Feb  3 04:05:06 2026 GMT']);
  t.same(others.printed('X509v3 CRL Reason Code:'), ['Key Compromise']);
  const idp = ['Full Name:', 'URI:http://ca.example/crl/bronze/7.crl'];
  t.same(others.printed('X509v3 Issuing Distribution Point: critical'), idp);
});

t.test('asn1js finds every value whole, with the tags that we wrote', async (t) => {
  for (const { oid, value } of written) {
    const { offset, result } = fromBER(value);
    t.equal(offset, value.length, oid);
    t.equal(hex(new Uint8Array(result.toBER())), hex(value), oid);
  }
});
