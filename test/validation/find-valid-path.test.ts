import t from 'tap';

import type { Certificate } from '../../pki/certificate.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { CE } from '../../pki/oid.ts';
import { findValidPath } from '../../validation/path/find-valid-path.ts';
import type { PathResult } from '../../validation/path/find-valid-path.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import {
  FIXTURE_NOT_AFTER,
  FIXTURE_NOT_BEFORE,
  authorityTemplate,
  fixtureCertificate,
  physicianTemplate,
} from '../support/fixture-certificate.ts';
import type { CertificateTemplate } from '../support/fixture-certificate.ts';
import { NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';

const root = await authority('Root');
const intermediate = await authority('Intermediate', root);
const leaf = await physician(intermediate);
const trust = new TrustStore({ anchors: [root.certificate], intermediates: [intermediate.certificate] });

t.test('finds the path over the intermediates of the trust store', async (t) => {
  const { path, reasons } = find(leaf);
  t.same(reasons, []);
  t.same(
    path?.map(({ bytes }) => bytes),
    [leaf, intermediate.certificate, root.certificate].map(({ bytes }) => bytes),
  );
});

t.test('finds a path over certificates that the signer sends along', async (t) => {
  const anchorsOnly = new TrustStore({ anchors: [root.certificate], intermediates: [] });
  t.same(codes(find(leaf, { trust: anchorsOnly })), ['chain-not-found']);
  t.same(codes(find(leaf, { trust: anchorsOnly, embedded: [intermediate.certificate] })), []);
});

t.test('trusts no root that the signer sends along', async (t) => {
  const stranger = await authority('Stranger');
  const member = await physician(stranger);
  t.same(codes(find(member, { embedded: [stranger.certificate] })), ['chain-not-found']);
});

t.test('takes an issuer that has the name but not the key for no issuer', async (t) => {
  const namesake = await authority('Root');
  t.same(codes(find(await physician(namesake))), ['chain-not-found']);
});

t.test('goes on to another issuer of the same name when the first leads nowhere', async (t) => {
  const expired = await authority('Intermediate', root, {
    signer: intermediate.signer,
    notAfter: FIXTURE_NOT_BEFORE,
  });
  const both = new TrustStore({
    anchors: [root.certificate],
    intermediates: [expired.certificate, intermediate.certificate],
  });
  t.same(codes(find(leaf, { trust: both })), []);
  const alone = new TrustStore({ anchors: [root.certificate], intermediates: [expired.certificate] });
  t.same(codes(find(leaf, { trust: alone })), ['issuer-out-of-validity']);
});

t.test('is valid from notBefore to notAfter', async (t) => {
  const second = 1000;
  const at = (instant: Date, shift: number) => new Date(instant.getTime() + shift);
  t.same(codes(find(leaf, { at: at(FIXTURE_NOT_BEFORE, -second) })), [
    'certificate-not-yet-valid',
    'issuer-out-of-validity',
  ]);
  t.same(codes(find(leaf, { at: FIXTURE_NOT_BEFORE })), []);
  t.same(codes(find(leaf, { at: FIXTURE_NOT_AFTER })), []);
  t.same(codes(find(leaf, { at: at(FIXTURE_NOT_AFTER, second) })), [
    'certificate-expired',
    'issuer-out-of-validity',
  ]);
});

t.test('asks no dates of an anchor', async (t) => {
  const oldRoot = await authority('Old Root', undefined, { notAfter: FIXTURE_NOT_BEFORE });
  const ca = await authority('Young CA', oldRoot);
  const old = new TrustStore({ anchors: [oldRoot.certificate], intermediates: [ca.certificate] });
  t.same(codes(find(await physician(ca), { trust: old })), []);
});

t.test('lets only CAs issue', async (t) => {
  const cases: Record<string, Partial<CertificateTemplate>> = {
    'no basicConstraints': { extensions: [keyUsageExtension(['keyCertSign'])] },
    'not a CA': { extensions: [basicConstraintsExtension({ ca: false })] },
    'no keyCertSign': {
      extensions: [basicConstraintsExtension({ ca: true }), keyUsageExtension(['cRLSign'])],
    },
  };
  for (const [name, overrides] of Object.entries(cases)) {
    const impostor = await authority('Impostor', root, overrides);
    const result = find(await physician(impostor), { embedded: [impostor.certificate] });
    t.same([...new Set(codes(result))], ['chain-constraint-violated'], name);
  }
});

t.test('counts the CAs below a pathLenConstraint', async (t) => {
  const limited = await authority('Limited', root, { pathLength: 0 });
  t.same(codes(find(await physician(limited), { embedded: [limited.certificate] })), []);
  const below = await authority('Below', limited);
  const embedded = [limited.certificate, below.certificate];
  t.same(codes(find(await physician(below), { embedded })), ['chain-constraint-violated']);
  const wider = await authority('Wider', root, { pathLength: 1 });
  const inner = await authority('Inner', wider);
  t.same(codes(find(await physician(inner), { embedded: [wider.certificate, inner.certificate] })), []);
});

t.test('does not count self-issued certificates against a pathLenConstraint', async (t) => {
  const limited = await authority('Limited', root, { pathLength: 0 });
  const rolledOver = await authority('Limited', limited);
  const embedded = [limited.certificate, rolledOver.certificate];
  t.same(codes(find(await physician(rolledOver), { embedded })), []);
});

t.test('refuses critical extensions that are not processed, and reads on over others', async (t) => {
  const unknown = { oid: '2.999.7', value: Buffer.from('0500', 'hex') };
  const critical = await physician(intermediate, { extensions: [{ ...unknown, critical: true }] });
  t.same(codes(find(critical)), ['chain-constraint-violated']);
  t.notMatch(JSON.stringify(find(critical).reasons), /9990000001/, 'without the national id');
  t.same(codes(find(await physician(intermediate, { extensions: [{ ...unknown, critical: false }] }))), []);
  const constrained = { oid: CE.nameConstraints, critical: true, value: Buffer.from('3000', 'hex') };
  const ca = await authority('Constrained', root, {
    extensions: [basicConstraintsExtension({ ca: true }), constrained],
  });
  t.same(codes(find(await physician(ca), { embedded: [ca.certificate] })), ['chain-constraint-violated']);
});

t.test('ends where CAs certify each other in a circle', async (t) => {
  const one = await authority('One');
  const two = await authority('Two', one);
  const oneByTwo = await authority('One', two, { signer: one.signer });
  t.same(codes(find(await physician(one), { embedded: [oneByTwo.certificate, two.certificate] })), [
    'chain-not-found',
  ]);
});

t.test('verifies a bounded number of signatures however many issuers of one name are sent', async (t) => {
  const flood: Certificate[] = [];
  const stranger = await authority('Flood');
  for (let count = 0; count < 64; count += 1) {
    flood.push((await authority('Flood', stranger, { signer: stranger.signer })).certificate);
  }
  const started = process.cpuUsage();
  t.same(codes(find(await physician(stranger), { embedded: flood })), ['chain-not-found']);
  t.ok(process.cpuUsage(started).user < 500_000, 'half a second at most');
});

interface AuthorityOverrides extends Partial<CertificateTemplate> {
  signer?: Holder['signer'];
  pathLength?: number;
}

async function authority(
  commonName: string,
  issuer?: Holder,
  overrides: AuthorityOverrides = {},
): Promise<Holder> {
  const { signer = memorySigner(), pathLength, ...fields } = overrides;
  const template = { ...authorityTemplate(commonName, signer, pathLength), ...fields };
  return { signer, certificate: await fixtureCertificate(template, issuer ?? { signer }) };
}

function physician(issuer: Holder, overrides: Partial<CertificateTemplate> = {}): Promise<Certificate> {
  const template = physicianTemplate(memorySigner().subjectPublicKeyInfo);
  return fixtureCertificate({ ...template, ...overrides }, issuer);
}

function find(
  certificate: Certificate,
  options: { trust?: TrustStore; embedded?: readonly Certificate[]; at?: Date } = {},
): PathResult {
  return findValidPath(certificate, options.at ?? NOON, { trust, embedded: [], ...options });
}

function codes({ reasons }: PathResult): string[] {
  return reasons.map(({ code }) => code);
}
