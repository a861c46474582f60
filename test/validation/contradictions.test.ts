import t from 'tap';

import type { Certificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import type { Extension } from '../../pki/extension.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { AT, CE, KP } from '../../pki/oid.ts';
import { RevocationEvidence } from '../../validation/revocation/revocation-evidence.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateCertificate } from '../../validation/validate-certificate.ts';
import type { CertificateValidation } from '../../validation/validate-certificate.ts';
import { FIXTURE_NOT_BEFORE } from '../support/fixture-certificate.ts';
import { NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  alternativeNames,
  fixtureCa,
  fixtureLeaf,
  generalName,
  nameConstraints,
} from '../support/fixture-path.ts';
import type { FixtureOverrides } from '../support/fixture-path.ts';
import { MemoryStatusHistory } from '../support/memory-status-history.ts';

// What suites of paths ask beside RFC 5280 §6, each with the verdict that it has here: certificates that contradict themselves,
// oddities that are let through, and paths that are found where another one fails.

const root = await fixtureCa('Root');
const ca = await fixtureCa('CA', root);

const raw = (oid: string, value: Buffer, critical = false): Extension => ({ oid, critical, value });
const san = (...names: Buffer[]) => alternativeNames(...names);
const critical = (extension: Extension): Extension => ({ ...extension, critical: true });
const relaxed = (extension: Extension): Extension => ({ ...extension, critical: false });
const host = generalName.dns('clinic.example');
const permitted = nameConstraints({ permitted: [host] });
const leafUsages = (...usages: Parameters<typeof keyUsageExtension>[0]) => [
  basicConstraintsExtension({ ca: false }),
  keyUsageExtension(usages),
];
const nobody: FixtureOverrides['subject'] = [];

const LEAVES: Record<string, [FixtureOverrides, 'valid' | 'not-valid']> = {
  'as it should be': [{ more: [san(host)] }, 'valid'],
  'alternative names without any': [{ more: [san()] }, 'not-valid'],
  'alternative names that are cut off': [
    { more: [raw(CE.subjectAltName, Buffer.from('300582036162', 'hex'))] },
    'not-valid',
  ],
  'alternative names that are a SET': [
    { more: [raw(CE.subjectAltName, Buffer.from('3100', 'hex'))] },
    'not-valid',
  ],
  'an address of five octets': [{ more: [san(generalName.ip('0a00000105'))] }, 'not-valid'],
  'an empty DNS name': [{ more: [san(generalName.dns(''))] }, 'not-valid'],
  'a DNS name with a NUL': [{ more: [san(generalName.dns('a.example\0.evil'))] }, 'not-valid'],
  'a DNS name beyond ASCII': [{ more: [san(generalName.dns('clínica.example'))] }, 'not-valid'],
  'a wildcard': [{ more: [san(generalName.dns('*.example'))] }, 'valid'],
  'no subject, critical alternative name': [{ subject: nobody, more: [critical(san(host))] }, 'valid'],
  'no subject, alternative name': [{ subject: nobody, more: [san(host)] }, 'not-valid'],
  'no subject at all': [{ subject: nobody }, 'not-valid'],
  'serial number zero': [{ serialNumber: Buffer.from([0]) }, 'valid'],
  'serial number below zero': [{ serialNumber: Buffer.from([0x80, 1]) }, 'valid'],
  'serial number of 20 octets': [{ serialNumber: Buffer.alloc(20, 0x7f) }, 'valid'],
  'serial number of 21 octets': [{ serialNumber: Buffer.alloc(21, 0x7f) }, 'not-valid'],
  keyCertSign: [{ extensions: leafUsages('digitalSignature', 'keyCertSign') }, 'not-valid'],
  'keyUsage without any': [{ extensions: [keyUsageExtension([])] }, 'not-valid'],
  'no extensions': [{ extensions: [] }, 'valid'],
  'a path length': [{ extensions: [basicConstraintsExtension({ ca: false, pathLength: 0 })] }, 'not-valid'],
  'a path length below zero': [
    { extensions: [raw(CE.basicConstraints, asn1.sequence(asn1.boolean(true), asn1.integer(-1)), true)] },
    'not-valid',
  ],
  'name constraints': [{ more: [permitted] }, 'not-valid'],
  'a CA as the leaf': [
    { extensions: [basicConstraintsExtension({ ca: true }), keyUsageExtension(['keyCertSign'])] },
    'valid',
  ],
  'a critical extension that is not known': [{ more: [raw('2.999.1', asn1.NULL, true)] }, 'not-valid'],
  'an extension that is not known': [{ more: [raw('2.999.1', asn1.NULL)] }, 'valid'],
  'critical authority information access': [
    { more: [raw(CE.authorityInfoAccess, asn1.sequence(), true)] },
    'not-valid',
  ],
  'critical policies': [
    { more: [raw(CE.certificatePolicies, asn1.sequence(asn1.sequence(asn1.oid('2.999.1'))), true)] },
    'valid',
  ],
  'policies without any': [{ more: [raw(CE.certificatePolicies, asn1.sequence())] }, 'not-valid'],
  'an extended key usage without any': [{ more: [raw(CE.extKeyUsage, asn1.sequence())] }, 'not-valid'],
};

t.test('leaves', async (t) => {
  for (const [name, [overrides, expected]] of Object.entries(LEAVES)) {
    const { certificate } = await fixtureLeaf(ca, overrides);
    t.equal(await verdict(certificate, [ca]), expected, name);
  }
});

const CAS: Record<string, [FixtureOverrides, 'valid' | 'not-valid']> = {
  'as it should be': [{}, 'valid'],
  'no basicConstraints': [{ extensions: [keyUsageExtension(['keyCertSign'])] }, 'not-valid'],
  'no extensions, as in version 1': [{ extensions: [] }, 'not-valid'],
  'basicConstraints that are not critical': [
    { extensions: [relaxed(basicConstraintsExtension({ ca: true })), keyUsageExtension(['keyCertSign'])] },
    'valid',
  ],
  'no CA': [
    { extensions: [basicConstraintsExtension({ ca: false }), keyUsageExtension(['keyCertSign'])] },
    'not-valid',
  ],
  'no keyUsage': [{ extensions: [basicConstraintsExtension({ ca: true })] }, 'valid'],
  'no keyCertSign': [
    { extensions: [basicConstraintsExtension({ ca: true }), keyUsageExtension(['cRLSign'])] },
    'not-valid',
  ],
  'a path length of zero': [{ pathLength: 0 }, 'valid'],
  'no name': [{ subject: nobody }, 'not-valid'],
  'an expired one': [{ notAfter: FIXTURE_NOT_BEFORE }, 'not-valid'],
  'name constraints that permit': [{ more: [permitted] }, 'valid'],
  'name constraints that are not critical': [{ more: [relaxed(permitted)] }, 'not-valid'],
  'name constraints that exclude': [{ more: [nameConstraints({ excluded: [host] })] }, 'not-valid'],
  'name constraints without any': [{ more: [raw(CE.nameConstraints, asn1.sequence(), true)] }, 'not-valid'],
  'a purpose that is not asked for': [{ more: [extendedKeyUsageExtension([KP.timeStamping])] }, 'valid'],
  'serial number of 21 octets': [{ serialNumber: Buffer.alloc(21, 0x7f) }, 'not-valid'],
  'a critical extension that is not known': [{ more: [raw('2.999.1', asn1.NULL, true)] }, 'not-valid'],
};

t.test('CAs', async (t) => {
  for (const [name, [overrides, expected]] of Object.entries(CAS)) {
    const issuer = await fixtureCa('Odd', root, overrides);
    const { certificate } = await fixtureLeaf(issuer, { more: [san(host)] });
    t.equal(await verdict(certificate, [issuer]), expected, name);
    // There is another certificate of the same CA that is right: the path goes over that one.
    const sound = await fixtureCa('Odd', root, { signer: issuer.signer });
    if (name !== 'no name')
      t.equal(await verdict(certificate, [issuer, sound]), 'valid', `${name}, beside a sound one`);
  }
});

t.test('purposes of CAs count where they are asked for', async (t) => {
  const stamps = await fixtureCa('Stamps', root, { more: [extendedKeyUsageExtension([KP.timeStamping])] });
  const { certificate } = await fixtureLeaf(stamps, {
    more: [extendedKeyUsageExtension([KP.documentSigning])],
  });
  const purposes = { keyUsages: [], extendedKeyUsages: [KP.documentSigning] };
  t.equal(await verdict(certificate, [stamps], { purposes }), 'not-valid');
  const wide = await fixtureCa('Stamps', root, { signer: stamps.signer });
  t.equal(
    await verdict(certificate, [stamps, wide], { purposes }),
    'valid',
    'over a certificate without them',
  );
});

t.test('anchors are trusted for themselves', async (t) => {
  const cases: Record<string, [FixtureOverrides, 'valid' | 'not-valid']> = {
    expired: [{ notAfter: FIXTURE_NOT_BEFORE }, 'valid'],
    'without basicConstraints': [{ extensions: [keyUsageExtension(['keyCertSign'])] }, 'valid'],
    'serial number of 21 octets': [{ serialNumber: Buffer.alloc(21, 0x7f) }, 'valid'],
    'that says to be no CA': [{ extensions: [basicConstraintsExtension({ ca: false })] }, 'not-valid'],
    'without keyCertSign': [
      { extensions: [basicConstraintsExtension({ ca: true }), keyUsageExtension(['cRLSign'])] },
      'not-valid',
    ],
    'with a path length of zero': [{ pathLength: 0 }, 'not-valid'],
    'that excludes the name': [{ more: [nameConstraints({ excluded: [host] })] }, 'not-valid'],
    'with a critical extension that is not known': [{ more: [raw('2.999.1', asn1.NULL, true)] }, 'not-valid'],
  };
  for (const [name, [overrides, expected]] of Object.entries(cases)) {
    const anchor = await fixtureCa('Anchor', undefined, overrides);
    const issuer = await fixtureCa('CA', anchor);
    const { certificate } = await fixtureLeaf(issuer, { more: [san(host)] });
    t.equal(await verdict(certificate, [issuer], { anchor }), expected, name);
  }
});

t.test('who signs itself is nobody', async (t) => {
  const self = await fixtureCa('Self', undefined, { extensions: leafUsages('digitalSignature') });
  t.equal(await verdict(self.certificate, []), 'not-valid');
  const sameName = await fixtureCa('Root', undefined, { subject: [{ type: AT.commonName, value: 'Root' }] });
  t.equal(await verdict((await fixtureLeaf(sameName)).certificate, [sameName]), 'not-valid');
});

async function verdict(
  leaf: Certificate,
  intermediates: readonly Holder[],
  { anchor = root, ...more }: Partial<CertificateValidation> & { anchor?: Holder } = {},
): Promise<'valid' | 'not-valid'> {
  const result = await validateCertificate({
    leaf,
    intermediates: intermediates.map(({ certificate }) => certificate),
    trust: new TrustStore({ anchors: [anchor.certificate], intermediates: [] }),
    at: NOON,
    policies: { requireExplicitPolicy: false, inhibitPolicyMapping: false, inhibitAnyPolicy: false },
    purposes: { keyUsages: [], extendedKeyUsages: [] },
    evidence: new RevocationEvidence({ crls: [], ocspResponses: [] }),
    revocation: 'none',
    statusHistory: new MemoryStatusHistory([]),
    ...more,
  });
  return result.verdict === 'valid' ? 'valid' : 'not-valid';
}
