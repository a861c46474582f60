import t from 'tap';

import type { Certificate } from '../../pki/certificate.ts';
import type { Extension } from '../../pki/extension.ts';
import { PKIX } from '../../pki/oid.ts';
import { ANY_POLICY_INPUTS, processPolicies } from '../../validation/path/policy-graph.ts';
import type { PolicyInputs } from '../../validation/path/policy-graph.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  fixtureCa,
  fixtureLeaf,
  inhibitAnyPolicy,
  policies,
  policyConstraints,
  policyMappings,
} from '../support/fixture-path.ts';

// What PKITS leaves out of policy processing (RFC 9618): several parents of a policy, mappings to many, and growth.

const [A, B, C, D] = ['2.999.1', '2.999.2', '2.999.3', '2.999.4'];
const root = await fixtureCa('Root');

t.test('a policy is valid in the names of the domain above the mappings', async (t) => {
  const path = await pathOf([policies(A, B), policyMappings([A, C], [B, C], [B, D])], [policies(C)]);
  t.same(outcome(path), { policies: [A, B], missing: false }, 'C is A and B');
  t.same(outcome(path, { initialPolicies: new Set([B]) }).policies, [B]);
  t.same(outcome(path, { initialPolicies: new Set([C]), requireExplicitPolicy: true }), {
    policies: [],
    missing: true,
  });
  const other = await pathOf([policies(A, B), policyMappings([A, C], [B, C], [B, D])], [policies(D)]);
  t.same(outcome(other).policies, [B]);
});

t.test('a policy that is mapped away is no longer itself', async (t) => {
  const path = await pathOf([policies(A), policyMappings([A, B])], [policies(A)]);
  t.same(outcome(path, { requireExplicitPolicy: true }), { policies: [], missing: true });
  t.same(outcome(path), { policies: [], missing: false }, 'and nobody demands one');
});

t.test('anyPolicy of a CA can be mapped from', async (t) => {
  const path = await pathOf([policies(PKIX.anyPolicy), policyMappings([A, B])], [policies(B, C)]);
  t.same(outcome(path).policies.sort(), [A, C]);
});

t.test('anyPolicy stands for what is asked for, until it is inhibited', async (t) => {
  const path = await pathOf([policies(PKIX.anyPolicy)], [policies(PKIX.anyPolicy)]);
  t.same(outcome(path).policies, [PKIX.anyPolicy]);
  t.same(outcome(path, { initialPolicies: new Set([A, B]) }).policies, [A, B]);
  t.same(outcome(path, { inhibitAnyPolicy: true, requireExplicitPolicy: true }).missing, true);
  const soon = await pathOf([policies(PKIX.anyPolicy), inhibitAnyPolicy(0)], [policies(PKIX.anyPolicy)]);
  t.same(outcome(soon, { requireExplicitPolicy: true }).missing, true);
  const later = await pathOf([policies(PKIX.anyPolicy), inhibitAnyPolicy(1)], [policies(PKIX.anyPolicy)]);
  t.same(outcome(later, { requireExplicitPolicy: true }).missing, false);
});

t.test('a CA demands a policy of the certificates below it, or of its own', async (t) => {
  const demand = (explicit: number) => pathOf([policies(A), policyConstraints({ explicit })], []);
  t.same(outcome(await demand(0)), { policies: [], missing: true });
  t.same(outcome(await demand(1)).missing, true, 'the leaf is one certificate');
  t.same(outcome(await demand(2)).missing, false);
  const huge = await pathOf([policies(A), policyConstraints({ explicit: 2 ** 31, mapping: 2 ** 31 })], []);
  t.same(outcome(huge).missing, false);
});

t.test('grows with the sum of the policies and mappings, not with their product', async (t) => {
  const names = Array.from({ length: 60 }, (_, index) => `2.999.10.${index}`);
  const everyToEvery = names.flatMap((from) => names.map((to) => [from, to] as const));
  const level: Extension[] = [policies(...names), policyMappings(...everyToEvery)];
  const path = await pathOf(level, level, level, level, level, level, level, [policies(...names)]);
  const started = process.cpuUsage();
  t.equal(outcome(path).policies.length, names.length);
  t.ok(process.cpuUsage(started).user < 1_000_000, 'a tree would have 60^8 leaves');
});

/** A path of as many certificates below the root as there are lists of extensions, leaf first. */
async function pathOf(...extensions: Extension[][]): Promise<Certificate[]> {
  const path: Holder[] = [root];
  for (const [index, more] of extensions.slice(0, -1).entries())
    path.unshift(await fixtureCa(`CA ${index}`, path[0], { more }));
  path.unshift(await fixtureLeaf(path[0], { more: extensions[extensions.length - 1] }));
  return path.map(({ certificate }) => certificate);
}

function outcome(path: Certificate[], inputs: Partial<PolicyInputs> = {}) {
  return processPolicies(path, { ...ANY_POLICY_INPUTS, ...inputs });
}
