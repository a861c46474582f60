import t from 'tap';

import { assertStillAttested } from '../../ca/approval/assert-still-attested.ts';
import type { AttestationSources } from '../../ca/approval/assert-still-attested.ts';
import { certificatePoliciesExtension } from '../../pki/extensions/certificate-policies.ts';
import { CE } from '../../pki/oid.ts';

const POLICY = '2.999.364.1.2.2';
const intent = { origin: 'application:test', intendedAt: new Date('2026-06-01T00:00:00Z') };
const attestation = { format: 'android-key' as const, nonce: Buffer.alloc(32), statement: [Buffer.alloc(1)] };
const certificateWith = (...policies: string[]) => ({
  subjectPublicKeyInfo: Buffer.alloc(1),
  extensions: new Map([
    [CE.certificatePolicies, certificatePoliciesExtension(policies.map((policy) => ({ policy })))],
  ]),
});
const sources: AttestationSources = {
  recordedAttestation: async (origin) => (origin === intent.origin ? attestation : undefined),
  judgeAttestation: async ({ subject, now }) =>
    subject === intent.origin && now === intent.intendedAt ? { hardware: 'strongbox' } : { fault: 'x' },
};

t.test(
  'an open intent that claims hardware is completed when its key is shown to be there again',
  async (t) => {
    const claims = certificateWith('2.999.1', POLICY);
    const code = 'attestation-differs';
    await t.resolves(assertStillAttested(sources, intent, claims, POLICY));
    await t.resolves(
      assertStillAttested({}, intent, certificateWith('2.999.1'), POLICY),
      'it claims nothing',
    );
    await t.resolves(assertStillAttested({}, intent, claims, undefined), 'a profile without such a policy');
    const refused: [name: string, sources: AttestationSources][] = [
      ['nothing is kept', { ...sources, recordedAttestation: async () => undefined }],
      ['nobody keeps anything', {}],
      ['it does not hold', { ...sources, judgeAttestation: async () => ({ fault: 'attestation-level' }) }],
      ['nobody judges', { recordedAttestation: sources.recordedAttestation! }],
    ];
    for (const [name, given] of refused)
      await t.rejects(assertStillAttested(given, intent, claims, POLICY), { code }, name);
    const other = { ...intent, origin: 'application:other' };
    await t.rejects(assertStillAttested(sources, other, claims, POLICY), { code }, 'of another application');
  },
);
