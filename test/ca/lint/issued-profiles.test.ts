import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { lintBeforeSigning } from '../../../ca/issue/lint-before-signing.ts';
import { buildTbsCertificate } from '../../../ca/issue/build-tbs-certificate.ts';
import type { TbsInputs } from '../../../ca/issue/build-tbs-certificate.ts';
import { loadProfiles } from '../../../ca/load-profiles.ts';
import type { Profile } from '../../../ca/profile.ts';
import type { LintReport } from '../../../ca/lint/lint.ts';
import { parseCertificate } from '../../../pki/certificate.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import { signatureAlgorithmIdentifier } from '../../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../../pki/tbs-certificate.ts';

const now = new Date('2026-06-15T12:00:00.500Z');
const earlier = new Date('2026-06-01T12:00:00Z');
const spki = { type: 'spki', format: 'der' } as const;
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki);
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(spki);

const common: Pick<TbsInputs, 'names' | 'signatureAlgorithm'> = {
  names: {
    publicUrl: 'http://ca.example.test',
    oidArc: '2.999.364.1',
    nationalPolicyArc: '2.16.364.101.1.1',
    cpsUri: 'https://ca.example.test/cps',
    organization: 'Health CA',
    admissionAuthority: 'سازمان نظام پزشکی',
  },
  signatureAlgorithm: 'ecdsa-sha256',
};
const subject = {
  surname: 'رضایی',
  givenName: 'مینا',
  nationalId: '9990000001',
  latinName: 'Mina Rezaei',
  organization: 'Health CA',
  office: 'Tehran',
  serviceName: 'Health Service',
};

/** What our own profiles are known to deviate in, each explained in docs/STANDARDS.md. */
const KNOWN_FINDINGS: Record<string, string[]> = {
  signing: ['names-one-script'],
  authentication: ['names-one-script'],
};
const LEGACY_FINDINGS = ['names-one-script', 'natural-person-key-usage', 'signing-key-usage'];

t.test('what the profiles issue has no finding beyond those that are known', async (t) => {
  const profiles = await loadProfiles(fileURLToPath(new URL('../../../ca/profiles', import.meta.url)));
  const root = certificateOf(profiles.get('root')!, earlier, ecKey).certificate;
  const intermediate = certificateOf(profiles.get('intermediate')!, earlier, ecKey, root, 1).certificate;
  for (const profile of profiles.values()) {
    const issuer =
      profile.purpose === 'root' ? undefined : profile.purpose === 'intermediate' ? root : intermediate;
    for (const [name, key] of [['P-256', ecKey] as const, ['RSA', rsaKey] as const]) {
      const { reports } = certificateOf(profile, now, key, issuer);
      const findings = reports.filter(({ result }) => typeof result === 'object').map(({ id }) => id);
      const known = profile.id.includes('legacy') ? LEGACY_FINDINGS : (KNOWN_FINDINGS[profile.purpose] ?? []);
      t.strictSame(findings, known, `${profile.id} with a key of ${name}`);
      const passed = reports.filter(({ result }) => result === 'pass').length;
      t.ok(passed > 30, `${passed} rules looked at ${profile.id}`);
    }
  }
});

function certificateOf(
  profile: Profile,
  at: Date,
  subjectPublicKeyInfo: Buffer,
  issuer?: Certificate,
  assuranceLevel = profile.assuranceLevels[0],
): { certificate: Certificate; reports: readonly LintReport[] } {
  const { bytes } = buildTbsCertificate({
    ...common,
    profile,
    now: at,
    request: { subjectPublicKeyInfo, subject, councilNumber: { group: 'physician', digits: '112233' } },
    ...(issuer && { issuer: { id: 'bronze', certificate: issuer, assuranceLevel, crlShards: 16 } }),
  });
  const reports = lintBeforeSigning(bytes, common.signatureAlgorithm, issuer, at);
  const algorithm = signatureAlgorithmIdentifier(common.signatureAlgorithm);
  return { certificate: parseCertificate(encodeSigned(bytes, algorithm, Buffer.alloc(70))), reports };
}
