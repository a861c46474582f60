import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import t from 'tap';

import type { CertificateList } from '../../pki/crl.ts';
import type { Extension } from '../../pki/extension.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { deltaCrlIndicatorExtension } from '../../pki/extensions/delta-crl-indicator.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { AT, CE, PKIX } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { RevocationEvidence } from '../../validation/revocation/revocation-evidence.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateCertificate } from '../../validation/validate-certificate.ts';
import { FIXTURE_NOT_BEFORE } from '../support/fixture-certificate.ts';
import { NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  alternativeNames,
  crlEntry,
  fixtureCa,
  fixtureCrl,
  fixtureLeaf,
  generalName,
  hours,
  inhibitAnyPolicy,
  nameConstraints,
  policies,
  policyConstraints,
  policyMappings,
} from '../support/fixture-path.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { MemoryStatusHistory } from '../support/memory-status-history.ts';

// Hierarchies at random: `openssl verify` and our engine must say the same of each.

const folder = t.testdir({});
/** Keys are made once: the search is for rules, not for keys. */
const signers = Array.from({ length: 5 }, () => memorySigner());

const POLICIES = ['2.999.1', '2.999.2', '2.999.3', PKIX.anyPolicy];

const MAPPINGS = [
  ['2.999.1', '2.999.2'],
  ['2.999.1', '2.999.3'],
  ['2.999.2', '2.999.1'],
  ['2.999.3', '2.999.3'],
] as const;

const { dns, email, uri, ip, directory } = generalName;
const BASES = [
  directory(),
  directory('Clinic'),
  dns('example.com'),
  email('example.com'),
  email('.example.com'),
  uri('.example.com'),
  ip('0a000000ff000000'),
];
const NAMES = [
  dns('www.example.com'),
  dns('example.org'),
  email('a@example.com'),
  email('a@b.example.com'),
  uri('https://www.example.com/x'),
  uri('https://example.org/'),
  ip('0a010203'),
  ip('c0a80001'),
];

t.test('decides paths as openssl verify does', async (t) => {
  const counts = { valid: 0, refused: 0 };
  const chain = fc.record({
    cas: fc.array(caArbitrary(), { minLength: 1, maxLength: 3 }),
    leaf: leafArbitrary(),
    inputs: fc.record({
      explicit: fc.boolean(),
      inhibitAny: mostly(false, true),
      inhibitMapping: mostly(false, true),
      initial: fc.subarray(POLICIES.slice(0, 3)),
    }),
  });
  await fc.assert(
    fc.asyncProperty(chain, async (drawn) => {
      fc.pre(!mapsInhibitedAny(drawn.cas, drawn.inputs.inhibitAny));
      const hierarchy = await build(drawn.cas, drawn.leaf);
      const passed = await assertAgreed(hierarchy, policyOptions(drawn.inputs), {
        policies: {
          ...(drawn.inputs.initial.length > 0 && { initialPolicies: new Set(drawn.inputs.initial) }),
          requireExplicitPolicy: drawn.inputs.explicit,
          inhibitAnyPolicy: drawn.inputs.inhibitAny,
          inhibitPolicyMapping: drawn.inputs.inhibitMapping,
        },
      });
      counts[passed ? 'valid' : 'refused'] += 1;
    }),
    { numRuns: 100 },
  );
  t.ok(counts.valid >= 3 && counts.refused >= 3, JSON.stringify(counts));
});

t.test('decides on CRLs and delta CRLs as openssl verify does', async () => {
  const drawnCrls = fc.tuple(crlArbitrary(), crlArbitrary(), crlArbitrary());
  await fc.assert(
    fc.asyncProperty(drawnCrls, async (drawn) => {
      const hierarchy = await build([{}, {}], {});
      const { holders } = hierarchy;
      // The leaf's CA last: each CRL speaks of the certificate below its issuer.
      const crls = await Promise.all(
        drawn.map((one, index) => crlsOf(holders[index], holders[index + 1], one)),
      );
      await assertAgreed(
        { ...hierarchy, crls: crls.flat() },
        ['-crl_check_all', '-extended_crl', '-use_deltas'],
        {},
      );
    }),
    { numRuns: 40 },
  );
});

interface DrawnCa {
  pathLength?: number;
  expired?: boolean;
  selfIssued?: boolean;
  noCa?: boolean;
  usage?: 'cRLSign' | 'none';
  policies?: string[];
  mappings?: (readonly [string, string])[];
  constraints?: { explicit?: number; mapping?: number };
  skipAny?: number;
  permitted?: Buffer[];
  excluded?: Buffer[];
}

interface DrawnLeaf {
  expired?: boolean;
  policies?: string[];
  names?: Buffer[];
  organization?: string;
}

/** Whatever makes a path invalid is rare: else nearly all would be, for some plain reason. */
function mostly<Value>(usual: Value, rare: Value): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });
}

function caArbitrary(): fc.Arbitrary<DrawnCa> {
  const skip = fc.nat(3);
  return fc.record(
    {
      pathLength: fc.nat(2),
      expired: mostly(false, true),
      selfIssued: fc.boolean(),
      noCa: mostly(false, true),
      usage: mostly<'cRLSign' | 'none'>('none', 'cRLSign'),
      policies: fc.subarray(POLICIES, { minLength: 1 }),
      mappings: fc.array(fc.constantFrom(...MAPPINGS), { minLength: 1, maxLength: 3 }),
      constraints: fc.oneof(
        fc.record({ explicit: skip }),
        fc.record({ mapping: skip }),
        fc.record({ explicit: skip, mapping: skip }),
      ),
      skipAny: skip,
      permitted: fc.subarray([...BASES], { minLength: 1 }),
      excluded: fc.subarray([...BASES].slice(2), { minLength: 1, maxLength: 1 }),
    },
    { requiredKeys: [] },
  );
}

function leafArbitrary(): fc.Arbitrary<DrawnLeaf> {
  return fc.record(
    {
      expired: mostly(false, true),
      policies: fc.subarray(POLICIES, { minLength: 1 }),
      names: fc.subarray([...NAMES], { minLength: 1, maxLength: 2 }),
      organization: fc.constantFrom('Clinic', 'Other'),
    },
    { requiredKeys: [] },
  );
}

/**
 * The one difference that is left: a CA that maps policies of which it asserts none but anyPolicy, while anyPolicy is
 * inhibited. RFC 5280 §6.1.3 (d)(2) leaves nothing there that could be mapped; OpenSSL maps all the same.
 */
function mapsInhibitedAny(cas: DrawnCa[], inhibitAny: boolean): boolean {
  return cas.some(
    ({ mappings, policies: asserted }, index) =>
      mappings !== undefined &&
      asserted?.includes(PKIX.anyPolicy) === true &&
      (inhibitAny || cas.slice(0, index).some(({ skipAny }) => skipAny !== undefined)),
  );
}

interface Hierarchy {
  /** Root first, leaf last. */
  holders: Holder[];
  crls: CertificateList[];
}

async function build(cas: DrawnCa[], drawnLeaf: DrawnLeaf): Promise<Hierarchy> {
  const root = await fixtureCa('Root', undefined, { signer: signers[0] });
  const holders = [root];
  for (const [index, drawn] of cas.entries()) holders.push(await caOf(drawn, index, holders));
  const issuer = holders[holders.length - 1];
  const leaf = await fixtureLeaf(issuer, {
    signer: signers[4],
    subject: [
      { type: AT.organizationName, value: drawnLeaf.organization ?? 'Clinic' },
      { type: AT.commonName, value: 'A leaf' },
    ],
    ...(drawnLeaf.expired && { notAfter: FIXTURE_NOT_BEFORE }),
    more: [
      ...(drawnLeaf.policies ? [policies(...drawnLeaf.policies)] : []),
      ...(drawnLeaf.names ? [alternativeNames(...drawnLeaf.names)] : []),
    ],
  });
  return { holders: [...holders, leaf], crls: [] };
}

async function caOf(drawn: DrawnCa, index: number, above: Holder[]): Promise<Holder> {
  const issuer = above[above.length - 1];
  const isRollover = drawn.selfIssued === true && above.length > 1;
  const subject = isRollover
    ? issuer.certificate.subject.rdns.map(([{ type, value }]) => ({ type, value }))
    : [
        { type: AT.organizationName, value: 'Clinic' },
        { type: AT.commonName, value: `CA ${index}` },
      ];
  const { pathLength } = drawn;
  return fixtureCa('', issuer, {
    signer: signers[index + 1],
    subject,
    ...(drawn.expired && { notAfter: FIXTURE_NOT_BEFORE }),
    extensions: [
      basicConstraintsExtension(
        drawn.noCa ? { ca: false } : { ca: true, ...(pathLength !== undefined && { pathLength }) },
      ),
      keyUsageExtension(drawn.usage === 'cRLSign' ? ['cRLSign'] : ['keyCertSign', 'cRLSign']),
    ],
    more: constraintsOf(drawn),
  });
}

function constraintsOf(drawn: DrawnCa): Extension[] {
  const { permitted, excluded } = drawn;
  return [
    ...(drawn.policies ? [policies(...drawn.policies)] : []),
    ...(drawn.mappings ? [policyMappings(...drawn.mappings)] : []),
    ...(drawn.constraints ? [policyConstraints(drawn.constraints)] : []),
    ...(drawn.skipAny !== undefined ? [inhibitAnyPolicy(drawn.skipAny)] : []),
    ...(permitted || excluded
      ? [nameConstraints({ ...(permitted && { permitted }), ...(excluded && { excluded }) })]
      : []),
  ];
}

type DrawnCrl = 'clean' | 'revoked' | 'held' | 'lifted' | 'added' | 'missing' | 'late' | 'forged';

function crlArbitrary(): fc.Arbitrary<DrawnCrl> {
  const rare = (arbitrary: DrawnCrl) => ({ weight: 1, arbitrary: fc.constant(arbitrary) });
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant<DrawnCrl>('clean') },
    { weight: 4, arbitrary: fc.constant<DrawnCrl>('lifted') },
    ...(['revoked', 'held', 'added', 'missing', 'late', 'forged'] as const).map(rare),
  );
}

async function crlsOf(issuer: Holder, { certificate }: Holder, drawn: DrawnCrl): Promise<CertificateList[]> {
  const freshest = [crlDistributionPointsExtension(['http://crl.example/delta'], CE.freshestCRL)];
  const complete = (entries: Buffer[]) => fixtureCrl(issuer, { number: 1, entries, extensions: freshest });
  const delta = (entries: Buffer[]) =>
    fixtureCrl(issuer, { number: 2, entries, extensions: [deltaCrlIndicatorExtension(1)] });
  switch (drawn) {
    case 'clean':
      return [await complete([])];
    case 'revoked':
      return [await complete([crlEntry(certificate)])];
    case 'held':
      return [await complete([crlEntry(certificate, { reason: 'certificateHold' })])];
    case 'lifted':
      return [
        await complete([crlEntry(certificate, { reason: 'certificateHold' })]),
        await delta([crlEntry(certificate, { reason: 'removeFromCRL' })]),
      ];
    case 'added':
      return [await complete([]), await delta([crlEntry(certificate)])];
    case 'missing':
      return [];
    case 'late':
      return [await fixtureCrl(issuer, { nextUpdate: hours(-1) })];
    case 'forged':
      return [await fixtureCrl({ ...issuer, signer: memorySigner() })];
  }
}

function policyOptions({
  explicit,
  inhibitAny,
  inhibitMapping,
  initial,
}: {
  explicit: boolean;
  inhibitAny: boolean;
  inhibitMapping: boolean;
  initial: string[];
}): string[] {
  return [
    '-policy_check',
    ...(explicit ? ['-explicit_policy'] : []),
    ...(inhibitAny ? ['-inhibit_any'] : []),
    ...(inhibitMapping ? ['-inhibit_map'] : []),
    // Without any, OpenSSL takes the set for empty; here absent means any policy, as in RFC 5280 §6.1.1 (c).
    ...(initial.length > 0 ? initial : [PKIX.anyPolicy]).flatMap((policy) => ['-policy', policy]),
  ];
}

/** Whether both accept the leaf; throws where they differ. */
async function assertAgreed(
  { holders, crls }: Hierarchy,
  options: string[],
  inputs: Partial<Parameters<typeof validateCertificate>[0]>,
): Promise<boolean> {
  const certificates = holders.map(({ certificate }) => certificate);
  const [root, ...rest] = certificates;
  const [leaf, ...cas] = rest.reverse();
  const ours = await validateCertificate({
    leaf,
    intermediates: cas,
    trust: new TrustStore({ anchors: [root], intermediates: [] }),
    at: NOON,
    policies: { requireExplicitPolicy: false, inhibitPolicyMapping: false, inhibitAnyPolicy: false },
    purposes: { keyUsages: [], extendedKeyUsages: [] },
    evidence: new RevocationEvidence({ crls, ocspResponses: [] }),
    revocation: crls.length > 0 || options.includes('-crl_check_all') ? 'required' : 'none',
    statusHistory: new MemoryStatusHistory([]),
    ...inputs,
  });
  const theirs = openssl({ root, leaf, cas, crls }, options);
  if ((ours.verdict === 'valid') === (theirs === '')) return theirs === '';
  throw new Error(`openssl: ${theirs || 'OK'}; ours: ${ours.verdict} ${JSON.stringify(ours.reasons)}`);
}

type Encoded = { bytes: Buffer };

/** Empty when openssl accepts the certificate, else what it says. */
function openssl(
  { root, leaf, cas, crls }: { root: Encoded; leaf: Encoded; cas: Encoded[]; crls: Encoded[] },
  options: string[],
): string {
  const pem = (name: string, label: string, items: Encoded[]) =>
    writeFileSync(join(folder, name), items.map(({ bytes }) => encodePem(label, bytes)).join(''));
  pem('root.pem', 'CERTIFICATE', [root]);
  pem('leaf.pem', 'CERTIFICATE', [leaf]);
  pem('cas.pem', 'CERTIFICATE', cas);
  pem('crls.pem', 'X509 CRL', crls);
  const time = ['-attime', String(NOON.getTime() / 1000)];
  const files = [
    '-CAfile',
    'root.pem',
    '-untrusted',
    'cas.pem',
    ...(crls.length > 0 ? ['-CRLfile', 'crls.pem'] : []),
  ];
  const result = spawnSync('openssl', ['verify', ...time, ...files, ...options, 'leaf.pem'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return result.status === 0 ? '' : `${result.stdout}${result.stderr}`.split('\n').slice(0, 3).join(' | ');
}
