import 'reflect-metadata';

import * as x509 from '@peculiar/x509';
import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import t from 'tap';

import * as asn1 from '../../pki/der/encode.ts';
import { admissionExtension, parseAdmission } from '../../pki/extensions/admission.ts';
import {
  authorityInfoAccessExtension,
  parseAuthorityInfoAccess,
} from '../../pki/extensions/authority-information-access.ts';
import {
  certificatePoliciesExtension,
  parseCertificatePolicies,
} from '../../pki/extensions/certificate-policies.ts';
import {
  crlDistributionPointsExtension,
  parseCrlDistributionPoints,
} from '../../pki/extensions/crl-distribution-points.ts';
import {
  parseSubjectAltName,
  permanentIdentifierExtension,
  permanentIdentifierOf,
} from '../../pki/extensions/subject-alternative-name.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, CE, PKIX } from '../../pki/oid.ts';
import { pkijsOf, readByOthers } from '../support/extension-readers.ts';

const malformed = { name: 'PkiError', code: 'der-malformed' };
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const octets = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

const council = encodeName([
  { type: AT.countryName, value: 'IR' },
  { type: AT.organizationName, value: 'سازمان نظام پزشکی' },
]);
const profession = { items: ['پزشک', 'Physician'], oids: ['2.999.364.1.4.1'], registrationNumber: '112233' };

const others = await readByOthers([
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
]);

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
  t.same(others.printed('X509v3 CRL Distribution Points:'), whole);
  t.same(others.printed('X509v3 Freshest CRL:'), [
    'Full Name:',
    'URI:http://ca.example/crl/bronze/delta.crl',
  ]);
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
  const theirs = others.peculiar.getExtension(x509.AuthorityInfoAccessExtension);
  t.same(
    [theirs?.ocsp[0].value, theirs?.caIssuers[0].value],
    ['http://ca.example/ocsp/bronze', 'http://ca.example/ca/bronze.cer'],
  );
  const lines = [
    'OCSP - URI:http://ca.example/ocsp/bronze',
    'CA Issuers - URI:http://ca.example/ca/bronze.cer',
  ];
  t.same(others.printed('Authority Information Access:'), lines);
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
  t.same(others.peculiar.getExtension(x509.CertificatePolicyExtension)?.policies, [
    '2.16.364.101.1.1.1',
    '2.999.1',
  ]);
  const lines = ['Policy: 2.16.364.101.1.1.1', 'CPS: http://ca.example/cps', 'Policy: 2.999.1'];
  t.same(others.printed('X509v3 Certificate Policies:'), lines);
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
  t.match(
    hex(new Uint8Array((theirs.value as asn1js.AsnType).toBER())),
    hex(asn1.oid(PKIX.permanentIdentifier)),
  );
  t.same(others.printed('X509v3 Subject Alternative Name:'), [
    'othername: Permanent Identifier::<unsupported>',
  ]);
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
  const lines = others.printed('Professional Information or basis for Admission:');
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
