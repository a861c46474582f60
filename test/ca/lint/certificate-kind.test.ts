import t from 'tap';

import { certificateKind } from '../../../ca/lint/certificate-kind.ts';
import { basicConstraintsExtension } from '../../../pki/extensions/basic-constraints.ts';
import { extendedKeyUsageExtension } from '../../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../../pki/extensions/key-usage.ts';
import { AT, CE, KP } from '../../../pki/oid.ts';
import { lintCertificate, physician } from '../../support/lint-certificate.ts';
import type { LintedPurpose } from '../../support/lint-certificate.ts';

const purposes: LintedPurpose[] = [
  'root',
  'intermediate',
  'signing',
  'authentication',
  'officer',
  'ocsp-responder',
  'time-stamping',
];

for (const purpose of purposes) {
  t.test(`tells ${purpose} from the certificate itself`, async (t) => {
    t.equal(certificateKind(lintCertificate(purpose)), purpose);
  });
}

t.test('takes the commitment for the purpose where a faulty certificate has log-in too', async (t) => {
  const faulty = lintCertificate('signing', {
    with: [
      keyUsageExtension(['digitalSignature', 'nonRepudiation']),
      extendedKeyUsageExtension([KP.clientAuth, KP.emailProtection]),
    ],
    without: [CE.basicConstraints],
  });
  t.equal(certificateKind(faulty), 'signing');
});

t.test('takes any cA for a CA, whatever else it claims to be', async (t) => {
  const faulty = lintCertificate('signing', { with: [basicConstraintsExtension({ ca: true })] });
  t.equal(certificateKind(faulty), 'intermediate');
});

t.test('tells a practitioner from an officer by what names a person', async (t) => {
  for (const type of [AT.surname, AT.givenName, AT.serialNumber, AT.pseudonym]) {
    const others = [AT.surname, AT.givenName, AT.serialNumber].filter((other) => other !== type);
    const changes = Object.fromEntries(others.map((other) => [other, undefined]));
    const subject = physician(type === AT.pseudonym ? { ...changes, [type]: 'Dr. M' } : changes);
    t.equal(certificateKind(lintCertificate('authentication', { subject })), 'authentication', type);
  }
});

t.test('calls a leaf without any of these purposes other', async (t) => {
  const leaf = lintCertificate('officer', { with: [extendedKeyUsageExtension([KP.serverAuth])] });
  t.equal(certificateKind(leaf), 'other');
  t.equal(certificateKind(lintCertificate('officer', { extensionList: [] })), 'other');
});
