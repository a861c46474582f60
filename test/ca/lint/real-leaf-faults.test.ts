import t from 'tap';

import { certificateLints } from '../../../ca/lint/certificate-lints.ts';
import { runLints } from '../../../ca/lint/lint.ts';
import * as asn1 from '../../../pki/der/encode.ts';
import { authorityInfoAccessExtension } from '../../../pki/extensions/authority-information-access.ts';
import { extendedKeyUsageExtension } from '../../../pki/extensions/extended-key-usage.ts';
import { encodeDirectoryName, encodeUri } from '../../../pki/extensions/general-name.ts';
import { keyUsageExtension } from '../../../pki/extensions/key-usage.ts';
import { encodeName } from '../../../pki/name.ts';
import { AT, CE, KP } from '../../../pki/oid.ts';
import { linted, physician } from '../../support/lint-certificate.ts';

const otherName = encodeName([{ type: AT.commonName, value: 'Other CA' }]);
const httpsPointOfOther = asn1.sequence(
  asn1.sequence(
    asn1.explicit(0, asn1.implicit(0, asn1.sequence(encodeUri('https://ca.example.test/bronze.crl')))),
    asn1.implicit(2, asn1.sequence(encodeDirectoryName(otherName))),
  ),
);

t.test('every fault seen in real leaves is found, each by its own rule', async (t) => {
  const subject = linted('signing', {
    subject: physician({
      [AT.surname]: 'کر\u064aمی',
      [AT.emailAddress]: '9990000001@example.test',
    }),
    with: [
      keyUsageExtension(['digitalSignature', 'nonRepudiation']),
      extendedKeyUsageExtension([KP.documentSigning, KP.clientAuth]),
      { oid: CE.cRLDistributionPoints, critical: false, value: httpsPointOfOther },
      authorityInfoAccessExtension({ ocsp: 'http://ca.example.test/ocsp/bronze' }),
    ],
    without: [CE.basicConstraints],
  });
  const findings = runLints(certificateLints, subject).filter(({ result }) => typeof result === 'object');
  const idsOf = (severity: string) =>
    findings.flatMap(({ id, result }) =>
      typeof result === 'object' && result.severity === severity ? [id] : [],
    );
  t.strictSame(idsOf('error').sort(), [
    'basic-constraints-present',
    'ca-issuers-present',
    'client-auth-not-in-signing',
    'crl-distribution-point-http',
    'crl-distribution-point-own-crl',
    'email-absent',
    'persian-letters',
  ]);
  t.strictSame(idsOf('warning').sort(), ['natural-person-key-usage', 'signing-key-usage']);
  t.strictSame(idsOf('notice'), ['names-one-script']);
});
