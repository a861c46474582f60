import t from 'tap';
import type { Test } from 'tap';

import type { CeremonyErrorCode } from '../../../ca/ceremony/ceremony-error.ts';
import { registerAuthority } from '../../../ca/ceremony/register-authority.ts';
import type { RegisterInputs } from '../../../ca/ceremony/register-authority.ts';
import { systemClock } from '../../../core/clock.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import { CEREMONY_NAMES, fixtureRequest } from '../../support/ceremony-fixtures.ts';
import { memorySigner } from '../../support/memory-signer.ts';
import { OpensslRoot } from '../../support/openssl-root.ts';
import type { OpensslExtensions } from '../../support/openssl-root.ts';
import { importCandidate, judgingHouse } from '../../support/import-candidate.ts';

const { request, signer } = await fixtureRequest();
const root = new OpensslRoot(t);
const candidate = (certificate: Certificate, overrides: Partial<RegisterInputs> = {}) =>
  importCandidate({ certificate, request, signer, root: root.certificate, overrides });

const accepts = async (t: Test, inputs: RegisterInputs) => {
  const house = judgingHouse();
  await t.rejects(
    registerAuthority(house, inputs, () => ({ crlShards: 1 })),
    { message: 'would be recorded' },
  );
};

const refuses = async (t: Test, code: CeremonyErrorCode, detail: RegExp, inputs: RegisterInputs) => {
  const house = judgingHouse();
  await t.rejects(
    registerAuthority(house, inputs, () => ({ crlShards: 1 })),
    { code, detail },
  );
};

/** One extension, or the term, differs from what a national root should put there. */
const wrong: [
  name: string,
  code: CeremonyErrorCode,
  detail: RegExp,
  OpensslExtensions,
  (readonly string[])?,
][] = [
  ['no CA', 'basic-constraints', /cA is FALSE/, { basicConstraints: 'critical,CA:FALSE' }],
  [
    'constraints that may be ignored',
    'basic-constraints',
    /not critical/,
    { basicConstraints: 'CA:TRUE,pathlen:0' },
  ],
  ['no path length', 'path-length', /is unlimited, expected 0/, { basicConstraints: 'critical,CA:TRUE' }],
  ['a longer path', 'path-length', /is 1, expected 0/, { basicConstraints: 'critical,CA:TRUE,pathlen:1' }],
  ['no CRL signing', 'key-usage', /is keyCertSign, expected/, { keyUsage: 'critical,keyCertSign' }],
  [
    'a usage too many',
    'key-usage',
    /digitalSignature/,
    { keyUsage: 'critical,digitalSignature,keyCertSign,cRLSign' },
  ],
  ['an extended usage', 'key-usage', /extendedKeyUsage/, { extendedKeyUsage: 'emailProtection' }],
  [
    'no policy',
    'policy',
    /are absent, expected 2\.16\.364\.101\.1\.1\.1/,
    { certificatePolicies: undefined },
  ],
  ['the policy of another level', 'policy', /1\.1\.1\.2/, { certificatePolicies: '2.16.364.101.1.1.2' }],
  [
    'a CRL behind TLS',
    'lint-failed',
    /crl-distribution-point-http/,
    { crlDistributionPoints: 'URI:https://x.example/c' },
  ],
  ['no address of its issuer', 'lint-failed', /ca-issuers-present/, { authorityInfoAccess: undefined }],
  [
    'more than the profile gives',
    'validity',
    /P10Y of profile intermediate/,
    {},
    ['-days', '3700', '-rand_serial'],
  ],
  ['a term that is over', 'validity', /CN=Health Bronze CA has expired on/, {}, term(-400, -1)],
  ['a term to come', 'validity', /CN=Health Bronze CA is valid from/, {}, term(1, 400)],
];

/** OpenSSL's dates, in days from now. */
function term(from: number, to: number): readonly string[] {
  const at = (days: number) => new Date(systemClock.now().getTime() + days * 86_400_000);
  const [start, end] = [at(from), at(to)].map((date) => `${date.toISOString().replace(/[-:T]|\..*/g, '')}Z`);
  return ['-startdate', start, '-enddate', end, '-rand_serial'];
}

t.test('takes what `openssl ca` signs, also with anyPolicy', async (t) => {
  await accepts(t, candidate(root.sign(request.bytes)));
  await accepts(t, candidate(root.sign(request.bytes, { certificatePolicies: '2.5.29.32.0' })));
});

for (const [name, code, detail, extensions, options] of wrong) {
  t.test(`refuses a certificate with ${name}`, async (t) => {
    await refuses(t, code, detail, candidate(root.sign(request.bytes, extensions, options)));
  });
}

t.test('refuses a certificate for another key, and a request for another key', async (t) => {
  const other = await fixtureRequest();
  await refuses(t, 'key-mismatch', /the certificate is not/, candidate(root.sign(other.request.bytes)));
  const mismatched = candidate(root.sign(request.bytes), { signer: memorySigner() });
  await refuses(t, 'key-mismatch', /the request is not/, mismatched);
});

t.test('refuses the certificate of another name', async (t) => {
  const inputs = candidate(root.sign(request.bytes), { commonName: 'Health Silver CA' });
  await refuses(
    t,
    'subject-mismatch',
    /commonName is "Health Bronze CA", expected "Health Silver CA"/,
    inputs,
  );
});

t.test('refuses another root of the same name, told by its key identifier or by the signature', async (t) => {
  const namesake = new OpensslRoot(t);
  await refuses(t, 'issuer-mismatch', /another key/, candidate(namesake.sign(request.bytes)));
  const unnamed = namesake.sign(request.bytes, { authorityKeyIdentifier: 'none' });
  await refuses(t, 'signature-wrong', /is not signed by/, candidate(unnamed));
});

t.test('refuses a path with a gap', async (t) => {
  const bronze = await fixtureRequest();
  const middle = { id: 'middle', certificate: root.sign(bronze.request.bytes), acceptLints: [] };
  const inputs = candidate(root.sign(request.bytes));
  const issuers = [...inputs.issuers, middle];
  await refuses(t, 'issuer-mismatch', /names the issuer/, { ...inputs, issuers });
});

t.test('refuses roots that may not have issuing CAs below them', async (t) => {
  const below = (extensions: OpensslExtensions, days?: number) => {
    const strange = new OpensslRoot(t, { extensions, ...(days !== undefined && { days }) });
    const options = ['-days', '3650', '-rand_serial'];
    const certificate = strange.sign(request.bytes, {}, options);
    return importCandidate({ certificate, request, signer, root: strange.certificate });
  };
  await refuses(t, 'issuer-not-authority', /is not a CA/, below({ basicConstraints: 'critical,CA:FALSE' }));
  await refuses(t, 'issuer-not-authority', /may not sign/, below({ keyUsage: 'critical,cRLSign' }));
  const short = below({ basicConstraints: 'critical,CA:TRUE,pathlen:0' });
  await refuses(t, 'path-length', /allows 0 CAs below it, here are 1/, short);
  await refuses(t, 'validity', /exceeds issuer's/, below({}, 3000));
});

t.test("a root's own faults are refused unless the reviewers accept them by name", async (t) => {
  const old = new OpensslRoot(t, { extensions: { keyUsage: undefined } });
  const certificate = old.sign(request.bytes);
  const inputs = importCandidate({ certificate, request, signer, root: old.certificate });
  await refuses(t, 'lint-failed', /key-usage-present/, inputs);
  const [issuer] = inputs.issuers;
  await accepts(t, { ...inputs, issuers: [{ ...issuer, acceptLints: ['key-usage-present'] }] });
});

t.test('refuses names that are not those of the service', async (t) => {
  const names = { ...CEREMONY_NAMES, publicUrl: 'http://other.example' };
  const detail = /the act says http:\/\/other\.example, the service runs as http:\/\/ca\.example/;
  await refuses(t, 'public-url-mismatch', detail, candidate(root.sign(request.bytes), { names }));
});

t.test('refuses a key that is blocked, though offline nobody knew', async (t) => {
  const house = judgingHouse({ isBlocked: async () => true });
  const inputs = candidate(root.sign(request.bytes));
  await t.rejects(
    registerAuthority(house, inputs, () => ({ crlShards: 1 })),
    { code: 'key-blocked' },
  );
});
