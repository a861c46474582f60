import 'reflect-metadata';

import * as x509 from '@peculiar/x509';
import { fromBER } from 'asn1js';
import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { admissionExtension, parseAdmission } from '../../pki/extensions/admission.ts';
import {
  authorityInfoAccessExtension,
  parseAuthorityInfoAccess,
} from '../../pki/extensions/authority-information-access.ts';
import { basicConstraintsExtension, parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import {
  certificatePoliciesExtension,
  parseCertificatePolicies,
} from '../../pki/extensions/certificate-policies.ts';
import {
  crlDistributionPointsExtension,
  parseCrlDistributionPoints,
} from '../../pki/extensions/crl-distribution-points.ts';
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
import {
  parseSubjectAltName,
  permanentIdentifierExtension,
  permanentIdentifierOf,
} from '../../pki/extensions/subject-alternative-name.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, CE, KP, PKIX } from '../../pki/oid.ts';
import { fixtureCertificate, physicianTemplate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runOpenssl } from '../support/run-openssl.ts';

const malformed = { name: 'PkiError', code: 'der-malformed' };
const hex = (bytes: Uint8Array | ArrayBuffer | undefined) =>
  Buffer.from((bytes ?? []) as Uint8Array).toString('hex');
const octets = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

const council = encodeName([
  { type: AT.countryName, value: 'IR' },
  { type: AT.organizationName, value: 'سازمان نظام پزشکی' },
]);
const profession = { items: ['پزشک', 'Physician'], oids: ['2.999.364.1.4.1'], registrationNumber: '112233' };
const keyId = octets('00ff'.repeat(10));

const written = [
  basicConstraintsExtension({ ca: true, pathLength: 0 }),
  keyUsageExtension(['digitalSignature', 'nonRepudiation', 'decipherOnly']),
  extendedKeyUsageExtension([KP.documentSigning, KP.timeStamping], true),
  subjectKeyIdentifierExtension(keyId),
  authorityKeyIdentifierExtension(octets('0102')),
  crlDistributionPointsExtension(['http://ca.example/crl/bronze/7.crl', 'http://b.example/7.crl']),
  crlDistributionPointsExtension(['http://ca.example/crl/bronze/delta.crl'], CE.freshestCRL),
  authorityInfoAccessExtension({
    ocsp: 'http://ca.example/ocsp/bronze',
    caIssuers: 'http://ca.example/ca/bronze.cer',
  }),
  certificatePoliciesExtension([
    { policy: '2.16.364.101.1.1.1', cpsUri: 'http://ca.example/cps' },
    { policy: '2.999.1' },
  ]),
  permanentIdentifierExtension({ identifierValue: 'P-112233', assigner: '2.999.364.1.3.1' }),
  admissionExtension(council, profession),
  ocspNoCheckExtension(),
  naturalPersonSemanticsExtension(),
  crlNumberExtension(4711),
  deltaCrlIndicatorExtension(4700),
  expiredCertsOnCrlExtension(new Date('2026-01-01T00:00:00Z')),
  invalidityDateExtension(new Date('2026-02-03T04:05:06Z')),
  issuingDistributionPointExtension(['http://ca.example/crl/bronze/7.crl']),
  reasonCodeExtension('keyCompromise'),
];

/** One certificate with all of them, as the independent readers see it. */
const signer = memorySigner();
const { bytes } = await fixtureCertificate(
  {
    ...physicianTemplate(signer.subjectPublicKeyInfo),
    extensions: written.filter(({ oid }) => !isKeyIdentifier(oid)),
  },
  { signer },
);
const peculiar = new x509.X509Certificate(bytes);
const openssl = runOpenssl(['x509', '-inform', 'DER', '-text', '-noout'], {
  cwd: '.',
  input: bytes,
}).toString();

// The fixture adds its own.
function isKeyIdentifier(oid: string): boolean {
  return oid === CE.subjectKeyIdentifier || oid === CE.authorityKeyIdentifier;
}

/** What openssl prints beneath a title, without the indentation. */
function printed(title: string): string[] {
  const lines = openssl.split('\n').map((line) => ({ indent: line.search(/\S/), text: line.trim() }));
  const at = lines.findIndex(({ text }) => text === title);
  const rest = lines.slice(at + 1);
  const end = rest.findIndex(({ indent, text }) => text !== '' && indent <= lines[at].indent);
  return rest.slice(0, end).flatMap(({ text }) => (text === '' ? [] : [text]));
}

/** The value as pkijs reads it. */
const pkijsOf = <Parsed>(value: Buffer, parse: new (options: { schema: asn1js.AsnType }) => Parsed): Parsed =>
  new parse({ schema: fromBER(value).result });

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
  t.match(peculiar.getExtension(x509.BasicConstraintsExtension), { ca: true, pathLength: 0, critical: true });
  t.same(printed('X509v3 Basic Constraints: critical'), ['CA:TRUE, pathlen:0']);
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
  t.same(printed('X509v3 Key Usage: critical'), ['Digital Signature, Non Repudiation, Decipher Only']);
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
  t.match(peculiar.getExtension(x509.ExtendedKeyUsageExtension), {
    usages: [KP.documentSigning, KP.timeStamping],
    critical: true,
  });
  t.same(printed('X509v3 Extended Key Usage: critical'), ['1.3.6.1.5.5.7.3.36, Time Stamping']);
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
  const [line] = printed('X509v3 Subject Key Identifier:');
  t.equal(
    line.replaceAll(':', '').toLowerCase(),
    peculiar.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
  );
  t.equal(line, printed('X509v3 Authority Key Identifier:')[0]);
  const otherForm = asn1.sequence(asn1.implicit(1, asn1.sequence()), asn1.implicit(2, asn1.integer(1)));
  t.equal(parseAuthorityKeyIdentifier(otherForm), undefined, 'issuer and serial number alone');
  t.throws(() => parseAuthorityKeyIdentifier(octets('0401 00')), malformed);
  for (const bad of ['', '0500', '04010000'])
    t.throws(() => parseSubjectKeyIdentifier(octets(bad)), malformed, bad);
});

t.test('cRLDistributionPoints and freshestCRL', async (t) => {
  const uris = ['http://ca.example/1.crl', 'http://b.example/1.crl'];
  const extension = crlDistributionPointsExtension(uris);
  t.match(extension, { oid: '2.5.29.31', critical: false });
  const fullName = uris.map((value) => ({ kind: 'uri', value }));
  t.same(parseCrlDistributionPoints(extension.value), [{ fullName }]);
  const [theirs, ...more] = pkijsOf(extension.value, pkijs.CRLDistributionPoints).distributionPoints;
  t.same(more, []);
  const general = theirs.distributionPoint as pkijs.GeneralName[];
  t.same(
    general.map(({ type, value }) => ({ type, value: String(value) })),
    uris.map((value) => ({ type: 6, value })),
  );
  const whole = ['Full Name:', 'URI:http://ca.example/crl/bronze/7.crl', 'URI:http://b.example/7.crl'];
  t.same(printed('X509v3 CRL Distribution Points:'), whole);
  t.same(printed('X509v3 Freshest CRL:'), ['Full Name:', 'URI:http://ca.example/crl/bronze/delta.crl']);
  for (const uri of ['', 'http://مهر.example/', 'http://a b/', 'http://a/\n']) {
    t.throws(() => crlDistributionPointsExtension([uri]), { code: 'name-malformed' }, JSON.stringify(uri));
  }
  const issuer = asn1.implicit(2, asn1.sequence(asn1.explicit(4, council)));
  const restricted = asn1.sequence(asn1.sequence(asn1.implicit(1, asn1.namedBits([1])), issuer));
  t.match(parseCrlDistributionPoints(restricted), [
    { fullName: [], reasons: octets('40'), cRLIssuer: [{ kind: 'directoryName' }] },
  ]);
  const relative = asn1.explicit(0, asn1.implicit(1, asn1.setOf(asn1.NULL)));
  t.match(parseCrlDistributionPoints(asn1.sequence(asn1.sequence(relative))), [
    { fullName: [{ kind: 'other', tag: 0xa1 }] },
  ]);
  for (const bad of ['', '30020500', '3004 3002 0500', '300a3008a0068601618601 61', '3006 3004 a002 a001']) {
    t.throws(() => parseCrlDistributionPoints(octets(bad)), malformed, bad);
  }
  const two = asn1.explicit(0, asn1.implicit(0, asn1.sequence()), asn1.implicit(0, asn1.sequence()));
  t.throws(
    () => parseCrlDistributionPoints(asn1.sequence(asn1.sequence(two))),
    malformed,
    'two names of one point',
  );
});

t.test('authorityInfoAccess', async (t) => {
  const ocsp = { method: PKIX.ocsp, location: { kind: 'uri', value: 'http://a/ocsp' } };
  const caIssuers = { method: PKIX.caIssuers, location: { kind: 'uri', value: 'http://a/ca.cer' } };
  const both = authorityInfoAccessExtension({ ocsp: 'http://a/ocsp', caIssuers: 'http://a/ca.cer' });
  t.match(both, { oid: '1.3.6.1.5.5.7.1.1', critical: false });
  t.same(parseAuthorityInfoAccess(both.value), [ocsp, caIssuers]);
  t.same(parseAuthorityInfoAccess(authorityInfoAccessExtension({ caIssuers: 'http://a/ca.cer' }).value), [
    caIssuers,
  ]);
  const theirs = peculiar.getExtension(x509.AuthorityInfoAccessExtension);
  t.same(
    [theirs?.ocsp[0].value, theirs?.caIssuers[0].value],
    ['http://ca.example/ocsp/bronze', 'http://ca.example/ca/bronze.cer'],
  );
  const lines = [
    'OCSP - URI:http://ca.example/ocsp/bronze',
    'CA Issuers - URI:http://ca.example/ca/bronze.cer',
  ];
  t.same(printed('Authority Information Access:'), lines);
  const oid = hex(asn1.oid(PKIX.ocsp));
  for (const bad of [
    '',
    '30020500',
    `300c300a${oid}`,
    `3011300f${oid}860161 0500`,
    `300e300c06082b060105050730018681`,
  ]) {
    t.throws(() => parseAuthorityInfoAccess(octets(bad)), malformed, bad);
  }
});

t.test('certificatePolicies', async (t) => {
  const policies = [{ policy: '2.16.364.101.1.1.1', cpsUri: 'http://a/cps' }, { policy: '2.999.364.1.1.1' }];
  const extension = certificatePoliciesExtension(policies);
  t.match(extension, { oid: '2.5.29.32', critical: false });
  t.same(parseCertificatePolicies(extension.value), policies);
  t.same(
    pkijsOf(extension.value, pkijs.CertificatePolicies).certificatePolicies.map(
      ({ policyIdentifier }) => policyIdentifier,
    ),
    policies.map(({ policy }) => policy),
  );
  t.same(peculiar.getExtension(x509.CertificatePolicyExtension)?.policies, ['2.16.364.101.1.1.1', '2.999.1']);
  const lines = ['Policy: 2.16.364.101.1.1.1', 'CPS: http://ca.example/cps', 'Policy: 2.999.1'];
  t.same(printed('X509v3 Certificate Policies:'), lines);
  t.throws(() => certificatePoliciesExtension([{ policy: '2.999', cpsUri: 'http://مهر/' }]), {
    code: 'name-malformed',
  });
  const notice = asn1.sequence(asn1.oid(PKIX.userNotice), asn1.sequence(asn1.utf8String('read me')));
  const noticeFirst = asn1.sequence(notice, asn1.sequence(asn1.oid(PKIX.cps), asn1.ia5String('http://a/')));
  t.same(parseCertificatePolicies(asn1.sequence(asn1.sequence(asn1.oid('2.999'), noticeFirst))), [
    { policy: '2.999', cpsUri: 'http://a/' },
  ]);
  for (const bad of [
    '',
    '30020500',
    '3004 3002 0500',
    '3008 3006 06028837 0500',
    '30083006060288373000 00',
  ]) {
    t.throws(() => parseCertificatePolicies(octets(bad)), malformed, bad);
  }
});

t.test('subjectAltName with a permanentIdentifier', async (t) => {
  const identifier = { identifierValue: 'P-112233', assigner: '2.999.364.1.3.1' };
  const extension = permanentIdentifierExtension(identifier);
  t.match(extension, { oid: '2.5.29.17', critical: false });
  t.same(permanentIdentifierOf(parseSubjectAltName(extension.value)), identifier);
  for (const part of [{ identifierValue: '۱' }, { assigner: '2.999' }, {}]) {
    t.same(permanentIdentifierOf(parseSubjectAltName(permanentIdentifierExtension(part).value)), part);
  }
  const [theirs] = pkijsOf(extension.value, pkijs.AltName).altNames;
  t.equal(theirs.type, 0);
  t.match(hex((theirs.value as asn1js.AsnType).toBER()), hex(asn1.oid(PKIX.permanentIdentifier)));
  t.same(printed('X509v3 Subject Alternative Name:'), ['othername: Permanent Identifier::<unsupported>']);
  const mixed = asn1.sequence(
    asn1.implicit(1, asn1.ia5String('a@b.ir')),
    asn1.implicit(2, asn1.ia5String('b.ir')),
    asn1.explicit(4, council),
    asn1.implicit(7, asn1.octetString(octets('7f000001'))),
  );
  const names = parseSubjectAltName(mixed);
  t.match(names, [
    { kind: 'email', value: 'a@b.ir' },
    { kind: 'dns', value: 'b.ir' },
    { kind: 'directoryName' },
  ]);
  t.match(names[3], { kind: 'other', tag: 0x87, content: octets('7f000001') });
  t.equal(permanentIdentifierOf(names), undefined);
  const otherName = (...parts: Buffer[]) =>
    asn1.sequence(asn1.implicit(0, asn1.sequence(asn1.oid(PKIX.permanentIdentifier), ...parts)));
  for (const bad of [otherName(), otherName(asn1.NULL), otherName(asn1.explicit(0), asn1.NULL), asn1.NULL]) {
    t.throws(() => parseSubjectAltName(bad), malformed);
  }
  for (const value of [asn1.NULL, asn1.sequence(asn1.NULL), Buffer.concat([asn1.sequence(), asn1.NULL])]) {
    const found = parseSubjectAltName(otherName(asn1.explicit(0, value)));
    t.throws(() => permanentIdentifierOf(found), malformed);
  }
});

t.test('admission', async (t) => {
  const extension = admissionExtension(council, profession);
  t.match(extension, { oid: '1.3.36.8.3.3', critical: false });
  const infos = [
    { professionItems: profession.items, professionOids: profession.oids, registrationNumber: '112233' },
  ];
  const read = parseAdmission(extension.value);
  t.same(read.professionInfos, infos);
  t.match(read.admissionAuthority, { kind: 'directoryName', name: { bytes: council } });
  const lines = printed('Professional Information or basis for Admission:');
  t.match(
    lines.join('\n'),
    /admissionAuthority:\nDirName:C = IR, O = .*\n.*Profession Info Entry 1:\nregistrationNumber: 112233/s,
  );
  t.match(lines.join('\n'), /Physician\nProfession OIDs:\nundefined \(2\.999\.364\.1\.4\.1\)/);
  for (const registrationNumber of ['۱۱۲۲۳۳', 'A_1']) {
    t.throws(() => admissionExtension(council, { ...profession, registrationNumber }), {
      code: 'name-malformed',
    });
  }
});

t.test('admission as other issuers write it', async (t) => {
  const items = asn1.sequence(asn1.utf8String('Ärztin'));
  const contents = (...parts: Buffer[]) => asn1.sequence(asn1.sequence(asn1.sequence(...parts)));
  const naming = asn1.sequence(asn1.oid('1.3.36.8.3.11.1'));
  const info = asn1.sequence(
    asn1.explicit(0, naming),
    items,
    asn1.printableString('1'),
    asn1.octetString(octets('00')),
  );
  const inside = contents(
    asn1.explicit(0, asn1.explicit(4, council)),
    asn1.explicit(1, naming),
    asn1.sequence(info),
  );
  t.match(parseAdmission(inside), {
    admissionAuthority: { kind: 'directoryName' },
    professionInfos: [{ professionItems: ['Ärztin'], professionOids: [], registrationNumber: '1' }],
  });
  const bare = parseAdmission(contents(asn1.sequence(asn1.sequence(items))));
  t.same(bare, { professionInfos: [{ professionItems: ['Ärztin'], professionOids: [] }] });
  const noOid = asn1.sequence(asn1.sequence(items, asn1.sequence(asn1.utf8String('2.999'))));
  for (const bad of [
    contents(noOid),
    contents(),
    asn1.sequence(),
    asn1.NULL,
    Buffer.concat([bareBytes(), asn1.NULL]),
  ]) {
    t.throws(() => parseAdmission(bad), malformed);
  }
  function bareBytes(): Buffer {
    return contents(asn1.sequence(asn1.sequence(items)));
  }
});

t.test('ocsp-nocheck and qcStatements', async (t) => {
  t.match(ocspNoCheckExtension(), { oid: '1.3.6.1.5.5.7.48.1.5', critical: false, value: octets('0500') });
  t.match(openssl, /OCSP No Check: \n/);
  const { value } = naturalPersonSemanticsExtension();
  t.equal(hex(value), '3017301506082b06010505070b023009060704008bec490101');
  const [{ id, type }] = pkijsOf(value, pkijs.QCStatements).values;
  t.equal(id, PKIX.qcStatementSemantics);
  t.equal(hex((type as asn1js.AsnType).toBER()), '3009060704008bec490101');
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
  t.same(printed('X509v3 CRL Number:'), ['4711']);
  t.same(printed('X509v3 Delta CRL Indicator: critical'), ['4700']);
  t.same(printed('2.5.29.60:'), ['..20260101000000Z']);
  t.same(printed('Invalidity Date:'), ['Feb  3 04:05:06 2026 GMT']);
  t.same(printed('X509v3 CRL Reason Code:'), ['Key Compromise']);
  const idp = ['Full Name:', 'URI:http://ca.example/crl/bronze/7.crl'];
  t.same(printed('X509v3 Issuing Distribution Point: critical'), idp);
});

t.test('asn1js finds every value whole, with the tags that we wrote', async (t) => {
  for (const { oid, value } of written) {
    const { offset, result } = fromBER(value);
    t.equal(offset, value.length, oid);
    t.equal(hex(result.toBER()), hex(value), oid);
  }
  t.equal(written.find(({ oid }) => oid === CE.expiredCertsOnCRL)?.value[0], TAG.generalizedTime);
});
