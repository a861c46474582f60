import { PKIX } from '../../pki/oid.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { pathFactsOf } from './path-facts.ts';
import type { PathFacts } from './path-facts.ts';

// Policy processing of RFC 5280 §6.1 as RFC 9618 rewrote it: a graph with one node for each policy and depth, whose size
// is the sum of what the certificates say. (The tree of the older text grows with their product.)

/** The inputs of RFC 5280 §6.1.1 (c), (e), (f) and (g). */
export interface PolicyInputs {
  /** user-initial-policy-set; absent: any-policy. */
  initialPolicies?: ReadonlySet<string>;
  requireExplicitPolicy: boolean;
  inhibitPolicyMapping: boolean;
  inhibitAnyPolicy: boolean;
}

/** Any policy, or none, will do. */
export const ANY_POLICY_INPUTS: PolicyInputs = {
  requireExplicitPolicy: false,
  inhibitPolicyMapping: false,
  inhibitAnyPolicy: false,
};

export interface PolicyOutcome {
  /** user-constrained-policy-set: the policies of the relying party's domain under which the path is valid. */
  policies: string[];
  /** Whether an explicit policy is demanded and there is none. */
  missing: boolean;
}

interface PolicyNode {
  policy: string;
  /** Policies of the next certificate that satisfy this one. */
  expected: readonly string[];
  /** Nodes one depth higher. Without children nodes are out of reach from the end, which prunes them. */
  parents: readonly PolicyNode[];
}

/** Nodes of one depth by their valid_policy; empty: valid_policy_graph is NULL. */
type Level = Map<string, PolicyNode>;

interface State {
  level: Level;
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
}

/** Processes the policies of a path, leaf first; the anchor, its last member, takes no part. */
export function processPolicies(path: readonly Certificate[], inputs: PolicyInputs): PolicyOutcome {
  const facts = path.slice(0, -1).map(pathFactsOf).reverse();
  const state = initialState(facts.length, inputs);
  let missing = false;
  for (const [index, certificate] of facts.entries()) {
    const isLast = index === facts.length - 1;
    state.level = nextLevel(state, certificate, isLast);
    // §6.1.3 (f)
    if (state.explicitPolicy === 0 && state.level.size === 0) missing = true;
    if (isLast) wrapUp(state, certificate);
    else prepareForNext(state, certificate);
  }
  const policies = userConstrainedPolicies(state.level, inputs.initialPolicies);
  // §6.1.5 (g): success needs explicit_policy above zero, or a policy.
  return { policies, missing: missing || (state.explicitPolicy === 0 && policies.length === 0) };
}

/** §6.1.2 (a), (d), (e), (f). */
function initialState(pathLength: number, inputs: PolicyInputs): State {
  const root: PolicyNode = { policy: PKIX.anyPolicy, expected: [PKIX.anyPolicy], parents: [] };
  return {
    level: new Map([[root.policy, root]]),
    explicitPolicy: inputs.requireExplicitPolicy ? 0 : pathLength + 1,
    policyMapping: inputs.inhibitPolicyMapping ? 0 : pathLength + 1,
    inhibitAnyPolicy: inputs.inhibitAnyPolicy ? 0 : pathLength + 1,
  };
}

/** §6.1.3 (d), (e) */
function nextLevel({ level, inhibitAnyPolicy }: State, facts: PathFacts, isLast: boolean): Level {
  const next: Level = new Map();
  if (!facts.policies || level.size === 0) return next;
  const expecting = byExpectedPolicy(level);
  const anyNode = level.get(PKIX.anyPolicy);
  for (const policy of facts.policies) {
    if (policy === PKIX.anyPolicy) continue;
    const parents = expecting.get(policy) ?? (anyNode && [anyNode]);
    if (parents) next.set(policy, { policy, expected: [policy], parents });
  }
  const anyCounts = inhibitAnyPolicy > 0 || (!isLast && facts.selfIssued);
  if (!facts.policies.has(PKIX.anyPolicy) || !anyCounts) return next;
  for (const [policy, parents] of expecting) {
    if (!next.has(policy)) next.set(policy, { policy, expected: [policy], parents });
  }
  return next;
}

function byExpectedPolicy(level: Level): Map<string, PolicyNode[]> {
  const expecting = new Map<string, PolicyNode[]>();
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const nodes = expecting.get(policy);
      if (nodes) nodes.push(node);
      else expecting.set(policy, [node]);
    }
  }
  return expecting;
}

/** §6.1.4 (b), (h), (i), (j) */
function prepareForNext(state: State, facts: PathFacts): void {
  if (facts.policyMappings) applyMappings(state, facts.policyMappings);
  if (!facts.selfIssued) {
    state.explicitPolicy = Math.max(state.explicitPolicy - 1, 0);
    state.policyMapping = Math.max(state.policyMapping - 1, 0);
    state.inhibitAnyPolicy = Math.max(state.inhibitAnyPolicy - 1, 0);
  }
  const { requireExplicitPolicy, inhibitPolicyMapping } = facts.policyConstraints ?? {};
  state.explicitPolicy = Math.min(state.explicitPolicy, requireExplicitPolicy ?? Infinity);
  state.policyMapping = Math.min(state.policyMapping, inhibitPolicyMapping ?? Infinity);
  state.inhibitAnyPolicy = Math.min(state.inhibitAnyPolicy, facts.inhibitAnyPolicy ?? Infinity);
}

function applyMappings(
  { level, policyMapping }: State,
  mappings: NonNullable<PathFacts['policyMappings']>,
): void {
  const subjectPolicies = new Map<string, Set<string>>();
  for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
    const known = subjectPolicies.get(issuerDomainPolicy);
    if (known) known.add(subjectDomainPolicy);
    else subjectPolicies.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
  }
  const anyNode = level.get(PKIX.anyPolicy);
  for (const [policy, mapped] of subjectPolicies) {
    const node = level.get(policy);
    if (policyMapping === 0) level.delete(policy);
    else if (node) level.set(policy, { ...node, expected: [...mapped] });
    else if (anyNode) level.set(policy, { policy, expected: [...mapped], parents: anyNode.parents });
  }
}

/** §6.1.5 (a), (b) */
function wrapUp(state: State, { policyConstraints }: PathFacts): void {
  state.explicitPolicy = Math.max(state.explicitPolicy - 1, 0);
  if (policyConstraints?.requireExplicitPolicy === 0) state.explicitPolicy = 0;
}

/** §6.1.5 (g): the authorities' policies, in the names of the relying party's domain, and which of them it asked for. */
function userConstrainedPolicies(last: Level, initial: ReadonlySet<string> | undefined): string[] {
  const authority = authorityConstrainedPolicies(last);
  if (!initial || initial.has(PKIX.anyPolicy)) return [...authority];
  if (authority.has(PKIX.anyPolicy)) return [...initial];
  return [...authority].filter((policy) => initial.has(policy));
}

/** A policy belongs to the relying party's domain where it begins: below anyPolicy, before any mapping. */
function authorityConstrainedPolicies(last: Level): Set<string> {
  const policies = new Set<string>();
  const seen = new Set<PolicyNode>(last.values());
  for (const node of seen) {
    const begins = node.parents.some(({ policy }) => policy === PKIX.anyPolicy);
    if (node.policy === PKIX.anyPolicy ? last.get(PKIX.anyPolicy) === node : begins)
      policies.add(node.policy);
    // The set grows while it is walked, and each node is walked once.
    if (node.policy !== PKIX.anyPolicy) for (const parent of node.parents) seen.add(parent);
  }
  return policies;
}
