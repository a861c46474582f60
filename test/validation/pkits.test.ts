import t from 'tap';
import type { Test } from 'tap';

import type { Certificate } from '../../pki/certificate.ts';
import { PKIX } from '../../pki/oid.ts';
import { RevocationEvidence } from '../../validation/revocation/revocation-evidence.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateCertificate } from '../../validation/validate-certificate.ts';
import type { CertificateVerdict } from '../../validation/validate-certificate.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { MemoryStatusHistory } from '../support/memory-status-history.ts';
import { allPkitsInputs, pkitsAnchor, pkitsInputs, runName, testPolicies } from '../support/pkits.ts';
import type { PkitsInputs } from '../support/pkits.ts';
import { PKITS_TESTS } from '../support/pkits-table.ts';
import type { PkitsRun } from '../support/pkits-table.ts';

// NIST's Public Key Interoperability Test Suite, sections 4.1 to 4.16: every test, every input that it prescribes.

const trust = new TrustStore({ anchors: [pkitsAnchor], intermediates: [] });
const statusHistory = new MemoryStatusHistory([]);

t.test('the table has all tests of sections 4.1 to 4.16', async (t) => {
  t.equal(PKITS_TESTS.length, 224);
});

t.test('decides each test as the suite says', async (t) => {
  for (const { number, name, runs } of PKITS_TESTS) {
    const { leaf, ...inputs } = pkitsInputs(name);
    if (!leaf) t.equal(number, '4.1.6', `${number} ${name}: the certificate is refused when it is read`);
    else
      for (const run of runs)
        assertRun(t, `${number} ${name}`, run, await validate({ leaf, ...inputs }, run));
  }
});

t.test('decides alike when the certificates and CRLs of all tests are at hand', async (t) => {
  const { intermediates, crls } = allPkitsInputs();
  for (const { number, name, runs } of PKITS_TESTS) {
    const { leaf } = pkitsInputs(name);
    for (const run of leaf ? runs : [])
      if (leaf) assertRun(t, `${number} ${name}`, run, await validate({ leaf, intermediates, crls }, run));
  }
});

type Readable = PkitsInputs & { leaf: Certificate };

function validate({ leaf, intermediates, crls }: Readable, run: PkitsRun): Promise<CertificateVerdict> {
  return validateCertificate({
    leaf,
    intermediates,
    trust,
    at: NOON,
    policies: {
      ...(run.initial && { initialPolicies: new Set(testPolicies(run.initial)) }),
      requireExplicitPolicy: run.explicit ?? false,
      inhibitPolicyMapping: run.inhibitMapping ?? false,
      inhibitAnyPolicy: run.inhibitAny ?? false,
    },
    purposes: { keyUsages: [], extendedKeyUsages: [] },
    evidence: new RevocationEvidence({ crls, ocspResponses: [] }),
    revocation: 'required',
    statusHistory,
  });
}

function assertRun(t: Test, test: string, run: PkitsRun, result: CertificateVerdict): void {
  const label = `${test}: ${runName(run)}`;
  t.equal(result.verdict === 'valid', run.valid, `${label}; ${JSON.stringify(result.reasons)}`);
  if (!run.policies) return;
  const expected = run.policies === 'any' ? [PKIX.anyPolicy] : testPolicies(run.policies);
  t.same([...result.policies].sort(), expected, `${label}: policies`);
}
