import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import type { RouteOptions } from 'fastify';
import t from 'tap';

import { answerErrors } from '../../api/answer-errors.ts';
import { createPathValidation } from '../../api/path-validations/create-path-validation.ts';
import { encodePem } from '../../pki/pem.ts';
import { DEFAULT_ALGORITHM_POLICY } from '../../validation/algorithm-policy.ts';
import { validateEncodedCertificate } from '../../validation/validate-encoded-certificate.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { fixtureCa, fixtureCrl, fixtureLeaf } from '../support/fixture-path.ts';
import { pkitsAnchor, pkitsInputs, runName, testPolicies } from '../support/pkits.ts';
import { PKITS_TESTS } from '../support/pkits-table.ts';
import type { PkitsRun } from '../support/pkits-table.ts';

const deployment = await FixtureDeployment.create();
const own = { trust: deployment.trust, statusHistory: deployment.history };

const routes: RouteOptions[] = [];
const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
app.addHook('onRoute', (route) => void routes.push(route));
answerErrors(app);
createPathValidation(app, {
  async validatePath({ at = NOON, algorithms, ...request }) {
    const constraints = algorithms === 'policy' && { algorithms: DEFAULT_ALGORITHM_POLICY };
    return { at, ...(await validateEncodedCertificate({ ...request, ...own, ...constraints, at })) };
  },
});
t.teardown(() => app.close());

const post = (payload: object) => app.inject({ method: 'POST', url: '/path-validations', payload });
const base64 = ({ bytes }: { bytes: Buffer }) => bytes.toString('base64');

t.test('all of PKITS can be driven through it', async (t) => {
  for (const { number, name, runs } of PKITS_TESTS) {
    const { leaf, intermediates, crls } = pkitsInputs(name);
    // 4.1.6, whose certificate is refused when it is read.
    if (!leaf) continue;
    for (const run of runs) {
      const payload = {
        certificate: base64(leaf),
        intermediates: intermediates.map(base64),
        trustAnchors: [base64(pkitsAnchor)],
        crls: crls.map(base64),
        at: NOON.toISOString(),
        algorithms: 'any',
        ...policyInputs(run),
      };
      const { verdict } = (await post(payload)).json<{ verdict: string }>();
      t.equal(verdict === 'valid', run.valid, `${number} ${name}: ${runName(run)}`);
    }
  }
});

t.test("answers with the path, its certificates' statuses and the policies", async (t) => {
  const { leaf, intermediates, crls } = pkitsInputs('AllCertificatesSamePoliciesTest10');
  const response = await post({
    certificate: encodePem('CERTIFICATE', leaf!.bytes),
    intermediates: intermediates.map(({ bytes }) => encodePem('CERTIFICATE', bytes)),
    trustAnchors: [encodePem('CERTIFICATE', pkitsAnchor.bytes)],
    crls: crls.map(({ bytes }) => encodePem('X509 CRL', bytes)),
  });
  t.equal(response.statusCode, 200);
  const report = response.json<{ path: object[] }>();
  t.match(report, {
    verdict: 'valid',
    indication: 'PASSED',
    subIndication: undefined,
    reasons: [],
    validatedFor: NOON.toISOString(),
    policies: testPolicies([1, 2]),
  });
  const good = { status: 'good', source: 'crl', thisUpdate: '2010-01-01T08:30:00.000Z' };
  t.match(report.path, [
    { subject: undefined, status: good },
    { subject: 'C=US, O=Test Certificates 2011, CN=Policies P12 CA', status: good },
    { subject: 'C=US, O=Test Certificates 2011, CN=Trust Anchor', status: undefined },
  ]);
});

t.test("asks the deployment's own history where no anchors are given", async (t) => {
  const { certificate } = await deployment.issue();
  t.match((await post({ certificate: base64(certificate) })).json(), {
    verdict: 'valid',
    path: [{ status: { status: 'good', source: 'history' } }, {}, {}],
  });
  deployment.record(certificate, { event: 'held', effectiveAt: NOON, reason: 'certificateHold' });
  t.match((await post({ certificate: base64(certificate) })).json(), {
    verdict: 'invalid',
    indication: 'FAILED',
    subIndication: 'REVOKED',
    reasons: [{ code: 'certificate-on-hold' }],
    path: [{ status: { status: 'on-hold', revokedAt: NOON.toISOString() } }, {}, {}],
  });
});

t.test('holds a certificate against purposes, statuses and algorithms', async (t) => {
  const root = await fixtureCa('Foreign Root');
  const leaf = await fixtureLeaf(root);
  const payload = { certificate: base64(leaf.certificate), trustAnchors: [base64(root.certificate)] };
  const crls = [base64(await fixtureCrl(root))];
  t.match((await post({ ...payload, crls, keyUsages: ['digitalSignature'] })).json(), { verdict: 'valid' });
  const wanted = { keyUsages: ['keyAgreement'], extendedKeyUsages: ['1.3.6.1.5.5.7.3.36'] };
  t.match((await post({ ...payload, crls, ...wanted })).json(), {
    verdict: 'invalid',
    reasons: [{ code: 'purpose-not-allowed' }],
  });
  t.match((await post(payload)).json(), { verdict: 'indeterminate', subIndication: 'TRY_LATER' });
  t.match((await post({ ...payload, revocation: 'none' })).json(), { verdict: 'valid' });
  const dsa = pkitsInputs('ValidDSASignaturesTest4');
  const weak = {
    certificate: base64(dsa.leaf!),
    intermediates: dsa.intermediates.map(base64),
    trustAnchors: [base64(pkitsAnchor)],
    crls: dsa.crls.map(base64),
  };
  t.match((await post(weak)).json(), { subIndication: 'CRYPTO_CONSTRAINTS_FAILURE' });
  t.match((await post({ ...weak, at: '2010-06-01T00:00:00Z' })).json(), { verdict: 'valid' }, 'in its day');
});

t.test('refuses a certificate that cannot be read, and passes other such things over', async (t) => {
  const root = await fixtureCa('Foreign Root');
  const leaf = await fixtureLeaf(root);
  const junk = Buffer.from('not DER at all').toString('base64');
  t.match((await post({ certificate: junk })).json(), {
    verdict: 'invalid',
    indication: 'FAILED',
    subIndication: 'FORMAT_FAILURE',
    reasons: [{ code: 'certificate-malformed' }],
  });
  const response = await post({
    certificate: base64(leaf.certificate),
    trustAnchors: [base64(root.certificate)],
    intermediates: [junk],
    crls: [junk, base64(await fixtureCrl(root))],
    ocspResponses: [junk],
  });
  t.match(response.json(), {
    verdict: 'valid',
    reasons: [{ code: 'input-passed-over' }, { code: 'input-passed-over' }, { code: 'input-passed-over' }],
  });
});

t.test('refuses what is not as the schema says', async (t) => {
  const certificate = base64(pkitsAnchor);
  const bad = [
    {},
    { certificate: '' },
    { certificate: 'no base64!' },
    { certificate, at: 'yesterday' },
    { certificate, at: '2016-12-31T23:59:60Z' },
    { certificate, initialPolicies: ['any'] },
    { certificate, initialPolicies: [] },
    { certificate, trustAnchors: [] },
    { certificate, keyUsages: ['anything'] },
    { certificate, revocation: 'later' },
    { certificate, intermediates: Array(1001).fill(certificate) },
  ];
  for (const payload of bad)
    t.equal((await post(payload)).statusCode, 400, JSON.stringify(payload).slice(0, 80));
  t.equal((await post({ certificate: 'A'.repeat(13_000_000) })).statusCode, 413);
});

t.test('declares itself public, with a limit', async (t) => {
  const config = routes.find(({ url }) => url === '/path-validations')?.config;
  t.match(config, { access: 'public', rateLimit: { timeWindow: '1 minute' } });
});

function policyInputs({ initial, explicit, inhibitMapping, inhibitAny }: PkitsRun) {
  return {
    ...(initial && { initialPolicies: testPolicies(initial) }),
    requireExplicitPolicy: explicit ?? false,
    inhibitPolicyMapping: inhibitMapping ?? false,
    inhibitAnyPolicy: inhibitAny ?? false,
  };
}
