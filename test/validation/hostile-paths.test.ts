import { randomBytes } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { crlDistributionPointsExtension } from '../../pki/extensions/crl-distribution-points.ts';
import { issuingDistributionPointExtension } from '../../pki/extensions/issuing-distribution-point.ts';
import { parseNameConstraints } from '../../pki/extensions/name-constraints.ts';
import { parsePolicyConstraints } from '../../pki/extensions/policy-constraints.ts';
import { parsePolicyMappings } from '../../pki/extensions/policy-mappings.ts';
import { CE } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { findValidPath } from '../../validation/path/find-valid-path.ts';
import type { PathResult } from '../../validation/path/find-valid-path.ts';
import { ANY_POLICY_INPUTS } from '../../validation/path/policy-graph.ts';
import { WORK_LIMITS, WorkBudget } from '../../validation/path/work-budget.ts';
import { RevocationEvidence } from '../../validation/revocation/revocation-evidence.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateCertificate } from '../../validation/validate-certificate.ts';
import { validateEncodedCertificate } from '../../validation/validate-encoded-certificate.ts';
import { NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  alternativeNames,
  crlEntry,
  fixtureCa,
  fixtureCrl,
  fixtureLeaf,
  generalName,
  nameConstraints,
  policyMappings,
} from '../support/fixture-path.ts';
import { MemoryStatusHistory } from '../support/memory-status-history.ts';

// Whatever is sent along, there is a verdict or a clear refusal within bounded work.

const root = await fixtureCa('Root');
const trust = new TrustStore({ anchors: [root.certificate], intermediates: [] });

t.test('finds the one issuer among 10,000 of its name, and says when there are too many', async (t) => {
  const issuer = await fixtureCa('Popular', root);
  const stranger = await fixtureCa('Popular');
  const leaf = await fixtureLeaf(issuer);
  const decoys = variants(stranger.certificate, 10_000);
  const found = within(t, 2, () => find(leaf, [...decoys, issuer.certificate]));
  t.same(codes(found), [], 'its key identifier puts it first');
  const tooMany = within(t, 2, () => find(leaf, variants(stranger.certificate, 20_001)));
  t.same(codes(tooMany), ['chain-budget-exceeded']);
});

t.test('verifies no more signatures than the budget has', async (t) => {
  const issuer = await fixtureCa('Popular', root);
  const leaf = await fixtureLeaf(issuer);
  const budget = new WorkBudget();
  const forged = variants(issuer.certificate, 200).map((decoy) => withoutKeyOf(decoy));
  const result = within(t, 2, () => find(leaf, forged, budget));
  t.same(codes(result), ['chain-budget-exceeded']);
  t.match(result.reasons[0].text, /more than 100 signatures/);
  t.equal(budget.spent('signatures'), WORK_LIMITS.signatures + 1);
});

t.test(
  'finds the way out of a mesh of CAs that all certify each other, and gives up where there is none',
  async (t) => {
    const keys = await Promise.all(Array.from({ length: 12 }, (_, index) => fixtureCa(`Mesh ${index}`)));
    const cross: Certificate[] = [];
    for (const subject of keys)
      for (const by of keys)
        if (subject !== by) {
          const { certificate } = await fixtureCa(nameOf(subject), by, { signer: subject.signer });
          cross.push(certificate);
        }
    const leaf = await fixtureLeaf(keys[0]);
    const budget = new WorkBudget();
    t.same(codes(within(t, 2, () => find(leaf, cross, budget))), ['chain-not-found']);
    t.equal(budget.spent('signatures'), 0, 'no names lead to an anchor');
    const wayOut = await fixtureCa(nameOf(keys[7]), root, { signer: keys[7].signer });
    const result = within(t, 2, () => find(leaf, [...cross, wayOut.certificate]));
    t.same(codes(result), []);
    t.equal(result.path?.length, 4, 'the shortest way out');
    const [copy] = variants(wayOut.certificate, 1);
    const forged = { ...copy, signature: Buffer.alloc(64) };
    t.same(codes(within(t, 4, () => find(leaf, [...cross, forged]))), ['chain-budget-exceeded']);
  },
);

t.test('compares no more names with constraints than the budget has', async (t) => {
  const bases = Array.from({ length: 1_000 }, (_, index) => generalName.dns(`n${index}.example`));
  const ca = await fixtureCa('Constrained', root, { more: [nameConstraints({ permitted: bases })] });
  const names = Array.from({ length: 2_000 }, (_, index) => generalName.dns(`a${index}.n999.example`));
  const leaf = await fixtureLeaf(ca, { more: [alternativeNames(...names)] });
  const result = within(t, 2, () => find(leaf, [ca.certificate]));
  t.same(codes(result), ['chain-budget-exceeded']);
  t.match(result.reasons[0].text, /name comparisons/);
});

t.test('looks at no more CRLs, points and entries than the budget has', async (t) => {
  const ca = await fixtureCa('Prolific', root);
  const uris = Array.from({ length: 1_500 }, (_, index) => `http://crl.example/${index}`);
  const points = uris.map((uri) => openWhole(crlDistributionPointsExtension([uri]).value).next().bytes);
  const extension = { oid: CE.cRLDistributionPoints, critical: false, value: asn1.sequence(...points) };
  const leaf = await fixtureLeaf(ca, { more: [extension] });
  const shard = await fixtureCrl(ca, {
    extensions: [issuingDistributionPointExtension(['http://crl.example/none'])],
  });
  const crls = Array.from({ length: 100 }, () => ({ ...shard }));
  const many = await status(leaf, ca, crls);
  t.equal(many.verdict, 'indeterminate');
  t.match(many.reasons, [{ code: 'chain-budget-exceeded' }]);
  const entries = Array.from({ length: 1_000 }, () => crlEntry(ca.certificate));
  const long = Buffer.concat(Array.from({ length: 400 }, () => Buffer.concat(entries)));
  const indirect = {
    oid: CE.issuingDistributionPoint,
    critical: true,
    value: Buffer.from('30038401ff', 'hex'),
  };
  const list = await fixtureCrl(ca, { entries: [long], extensions: [indirect] });
  const started = process.cpuUsage();
  const walked = await status(await fixtureLeaf(ca), ca, [list]);
  t.equal(walked.verdict, 'valid');
  t.ok(process.cpuUsage(started).user < 4_000_000, '400,000 entries');
});

t.test('a policy explosion in the middle of a path is a verdict like any other', async (t) => {
  const oids = Array.from({ length: 50 }, (_, index) => `2.999.${index}`);
  const mappings = policyMappings(...oids.flatMap((from) => oids.map((to) => [from, to] as const)));
  const path: Holder[] = [root];
  for (let depth = 0; depth < 10; depth += 1)
    path.unshift(await fixtureCa(`Depth ${depth}`, path[0], { more: [mappings] }));
  const leaf = await fixtureLeaf(path[0]);
  t.same(
    codes(
      within(t, 2, () =>
        find(
          leaf,
          path.map(({ certificate }) => certificate),
        ),
      ),
    ),
    [],
  );
});

t.test('extensions cut, nested or flipped anywhere are a verdict or a refusal', async (t) => {
  const ca = await fixtureCa('Constrained', root, {
    more: [
      nameConstraints({
        permitted: [generalName.directory('x')],
        excluded: [generalName.ip('0a000000ff000000')],
      }),
    ],
  });
  const leaf = await fixtureLeaf(ca, { more: [alternativeNames(generalName.email('a@example.com'))] });
  const crl = await fixtureCrl(ca);
  const inputs = [leaf.certificate.bytes, ca.certificate.bytes, crl.bytes];
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(255), async (which, at, octet) => {
      const changed = inputs.map((bytes) => Buffer.from(bytes));
      changed[which][at % changed[which].length] ^= octet;
      const { verdict } = await validateEncodedCertificate({
        leaf: changed[0],
        intermediates: [changed[1]],
        crls: [changed[2]],
        ocspResponses: [changed[2]],
        trust,
        at: NOON,
        policies: ANY_POLICY_INPUTS,
        purposes: { keyUsages: [], extendedKeyUsages: [] },
        revocation: 'required',
        statusHistory: new MemoryStatusHistory([]),
      });
      // The CA's own status is not among the inputs, so nothing passes.
      return verdict !== 'valid';
    }),
    { numRuns: 500 },
  );
  t.pass('no other error');
});

t.test('parsers of extensions answer any octets with a value or PkiError', async (t) => {
  const parsers = [
    parseNameConstraints,
    parsePolicyMappings,
    parsePolicyConstraints,
    parseCertificate,
    parseCertificateList,
  ];
  const deep = Array.from({ length: 3_000 }).reduce<Buffer>((inner) => asn1.sequence(inner), Buffer.alloc(0));
  const wrap = fc.uint8Array({ maxLength: 60 }).map((octets) => asn1.sequence(octets));
  for (const parse of parsers) {
    t.throws(() => parse(deep), PkiError);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), wrap), (octets) => {
        try {
          parse(octets);
          return true;
        } catch (cause) {
          return cause instanceof PkiError;
        }
      }),
      { numRuns: 300 },
    );
  }
});

async function status({ certificate }: Holder, ca: Holder, crls: CertificateList[]) {
  return validateCertificate({
    leaf: certificate,
    intermediates: [ca.certificate],
    trust,
    at: NOON,
    policies: ANY_POLICY_INPUTS,
    purposes: { keyUsages: [], extendedKeyUsages: [] },
    evidence: new RevocationEvidence({ crls: [...crls, await fixtureCrl(root)], ocspResponses: [] }),
    revocation: 'required',
    statusHistory: new MemoryStatusHistory([]),
  });
}

/** Runs it, and fails when it takes more CPU seconds than given. */
function within<Result>(t: Tap, seconds: number, run: () => Result): Result {
  const started = process.cpuUsage();
  const result = run();
  const { user } = process.cpuUsage(started);
  t.ok(user < seconds * 1_000_000, `${seconds} CPU seconds at most, took ${user / 1_000_000}`);
  return result;
}

interface Tap {
  ok(value: boolean, message: string): void;
}

/** The certificate with other serial numbers, as a flood of them would be; nobody looks at their own signatures. */
function variants(certificate: Certificate, count: number): Certificate[] {
  return Array.from({ length: count }, () => ({
    ...certificate,
    bytes: Buffer.concat([certificate.bytes, randomBytes(8)]),
  }));
}

/** The same names and identifiers over a key that signed nothing. */
function withoutKeyOf(certificate: Certificate): Certificate {
  return { ...certificate, subjectPublicKeyInfo: OTHER_KEY };
}

const OTHER_KEY = (await fixtureCa('Other')).signer.subjectPublicKeyInfo;

function nameOf({ certificate }: Holder): string {
  return certificate.subject.rdns[1][0].value;
}

function find({ certificate }: Holder, embedded: Certificate[], budget = new WorkBudget()): PathResult {
  return findValidPath(certificate, NOON, { trust, embedded, budget });
}

function codes({ reasons }: PathResult): string[] {
  return reasons.map(({ code }) => code);
}
