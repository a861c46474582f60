import t from 'tap';

import type { NameTemplate } from '../../pki/name.ts';
import { AT } from '../../pki/oid.ts';
import { findValidPath } from '../../validation/path/find-valid-path.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  alternativeNames,
  fixtureCa,
  fixtureLeaf,
  generalName,
  nameConstraints,
} from '../support/fixture-path.ts';

const { dns, email, uri, ip, directory, other, registeredId } = generalName;
const root = await fixtureCa('Root');
const trust = new TrustStore({ anchors: [root.certificate], intermediates: [] });

/** Whether a name lies in a subtree, as a CA that permits it alone, or excludes it, decides. */
const INSIDE: [Buffer, Buffer][] = [
  [dns('host.example.com'), dns('host.example.com')],
  [dns('example.com'), dns('a.b.EXAMPLE.com')],
  [dns('example.com'), dns('*.example.com')],
  [dns(''), dns('anything.example')],
  [email('example.com'), email('Doctor@Example.COM')],
  [email('.example.com'), email('doctor@mail.example.com')],
  [email('doctor@example.com'), email('doctor@example.com')],
  [uri('host.example.com'), uri('https://user@host.example.com:8443/x?y#z')],
  [uri('.example.com'), uri('ldap://a.b.example.com')],
  [ip('0a000000ff000000'), ip('0a010203')],
  [ip('0a01020300000000'), ip('ffffffff')],
  [
    ip('20010db8000000000000000000000000ffffffff000000000000000000000000'),
    ip('20010db8000000000000000000000001'),
  ],
  [directory('Clinic'), directory('Clinic', 'Ward')],
  [directory('Straße  Clinic'), directory('STRASSE CLINIC')],
];

const OUTSIDE: [Buffer, Buffer][] = [
  [dns('host.example.com'), dns('example.com')],
  [dns('example.com'), dns('notexample.com')],
  [dns('example.com'), dns('example.com.evil.org')],
  [email('example.com'), email('doctor@mail.example.com')],
  [email('.example.com'), email('doctor@example.com')],
  [email('doctor@example.com'), email('Doctor@example.com')],
  [email('example.com'), email('"a@example.com"@evil.org')],
  [uri('host.example.com'), uri('https://a.host.example.com')],
  [uri('.example.com'), uri('https://example.com')],
  [uri('example.com'), uri('https://example.com@evil.org/')],
  [ip('0a000000ff000000'), ip('0b010203')],
  [ip('0a000000ff000000'), ip('0a000000000000000000000000000000')],
  [directory('Clinic', 'Ward'), directory('Clinic')],
  [directory('Clinic'), directory('Other', 'Clinic')],
];

t.test('permits names in a permitted subtree and refuses those in an excluded one', async (t) => {
  for (const [base, name] of INSIDE) {
    t.same(await codes({ permitted: [base, directory('Fixture')] }, [name]), [], label(base, name));
    t.same(await codes({ excluded: [base] }, [name]), ['name-not-permitted'], label(base, name));
  }
});

t.test('refuses names outside of the permitted subtrees, and lets them by the excluded ones', async (t) => {
  for (const [base, name] of OUTSIDE) {
    t.same(
      await codes({ permitted: [base, directory('Fixture')] }, [name]),
      ['name-not-permitted'],
      label(base, name),
    );
    t.same(await codes({ excluded: [base] }, [name]), [], label(base, name));
  }
});

t.test('a wildcard is refused where it could stand for an excluded name', async (t) => {
  t.same(await codes({ excluded: [dns('www.example.com')] }, [dns('*.example.com')]), ['name-not-permitted']);
  t.same(await codes({ excluded: [dns('a.www.example.com')] }, [dns('*.example.com')]), []);
});

t.test('forms without constraints are free, each name of a constrained form counts', async (t) => {
  t.same(await codes({ permitted: [dns('example.com')] }, [email('doctor@evil.org'), ip('0a010203')]), []);
  t.same(await codes({ permitted: [dns('example.com'), dns('example.org')] }, [dns('example.org')]), []);
  t.same(await codes({ permitted: [dns('example.com')] }, [dns('example.com'), dns('evil.org')]), [
    'name-not-permitted',
  ]);
});

t.test('names that cannot be compared are refused where their form is constrained', async (t) => {
  const cases: [Buffer, Buffer][] = [
    [dns('example.com'), dns('.example.com')],
    [dns('example.com'), dns('example.com.')],
    [dns('example.com'), dns('')],
    [uri('.example.com'), uri('urn:oid:2.999')],
    [uri('.example.com'), uri('https://10.0.0.1/')],
    [email('example.com'), email('example.com')],
    [email('example.com'), other('1.3.6.1.5.5.7.8.9')],
    [ip('0a000000ff000000'), ip('0a0102')],
    [other('2.999.1'), other('2.999.2')],
    [registeredId(), registeredId()],
  ];
  for (const [base, name] of cases) {
    const found = await codes({ excluded: [base] }, [name]);
    t.ok(found.includes('name-not-permitted'), label(base, name));
    t.same(await codes({ excluded: [dns('unrelated.example')] }, [email('doctor@example.com')]), []);
  }
});

t.test('constraints that cannot be read refuse everything below', async (t) => {
  const bases = [
    dns('.example.com'),
    dns('*.example.com'),
    ip('0a0000'),
    ip('0a000000ff00ff00'),
    uri('https://a.b'),
  ];
  for (const base of bases)
    t.same(await codes({ excluded: [base] }, []), ['chain-constraint-violated'], base.toString('latin1'));
});

t.test('subject names and e-mail addresses in them are held against the constraints', async (t) => {
  const subject = [
    { type: AT.organizationName, value: 'Fixture' },
    { type: AT.emailAddress, value: 'doctor@evil.org' },
  ];
  t.same(await codes({ permitted: [email('example.com')] }, [], subject), ['name-not-permitted']);
  t.same(await codes({ excluded: [directory('Fixture')] }, [], subject), ['name-not-permitted']);
  const nobody = await codes({ permitted: [directory('Other')] }, [], []);
  t.notOk(nobody.includes('name-not-permitted'), 'an empty subject is no name');
});

t.test('constraints of every CA hold, the anchor among them, and self-issued CAs are exempt', async (t) => {
  const strict = nameConstraints({ permitted: [directory('Fixture')] });
  const constrained = await fixtureCa('Constrained', root, { more: [strict] });
  const rolledOver = await fixtureCa('Constrained', constrained);
  const other = await fixtureCa('Other', constrained);
  const below = (issuer: Holder, value: string) =>
    fixtureLeaf(issuer, { subject: [{ type: AT.organizationName, value }] });
  const find = async (leaf: Holder, ...path: Holder[]) => reasonCodes(leaf, [constrained, ...path], trust);
  t.same(await find(await below(rolledOver, 'Fixture'), rolledOver), []);
  t.same(await find(await below(rolledOver, 'Clinic'), rolledOver), ['name-not-permitted']);
  t.same(await find(await below(other, 'Fixture'), other), ['name-not-permitted'], 'a CA is not exempt');
  const anchored = new TrustStore({ anchors: [constrained.certificate], intermediates: [] });
  t.same(reasonCodes(await below(constrained, 'Clinic'), [], anchored), ['name-not-permitted']);
});

async function codes(
  constraints: Parameters<typeof nameConstraints>[0],
  names: Buffer[],
  subject: NameTemplate = [{ type: AT.organizationName, value: 'Fixture' }],
): Promise<string[]> {
  const ca = await fixtureCa('Constrained', root, { more: [nameConstraints(constraints)] });
  const leaf = await fixtureLeaf(ca, { subject, more: names.length > 0 ? [alternativeNames(...names)] : [] });
  return reasonCodes(leaf, [ca], trust);
}

function reasonCodes({ certificate }: Holder, embedded: Holder[], anchors: TrustStore): string[] {
  const inputs = { trust: anchors, embedded: embedded.map((holder) => holder.certificate) };
  return findValidPath(certificate, NOON, inputs).reasons.map(({ code }) => code);
}

function label(...names: Buffer[]): string {
  return names.map((name) => name.toString('latin1')).join(' | ');
}
