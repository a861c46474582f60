import { readFileSync } from 'node:fs';

import t from 'tap';

import {
  LICENCES_FILE,
  differingLicences,
  isAllowed,
  licencesDocument,
  productionPackages,
} from '../support/production-packages.ts';
import { billOfMaterials } from '../release/bill-of-materials.ts';

t.test('nothing runs here whose licence is unknown, or reaches our own code', async (t) => {
  const packages = productionPackages();
  t.ok(packages.length > 100);
  for (const part of ['service', 'web'])
    t.ok(
      packages.some((one) => one.part === part),
      part,
    );
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  t.strictSame(refused, []);
  t.strictSame(differingLicences(), [], 'packages say the same as the lock file');
  const answers: [string, boolean][] = [
    ['MIT', true],
    ['(BSD-3-Clause OR GPL-2.0)', true],
    ['(MIT AND Zlib)', false],
    ['GPL-3.0-only', false],
    ['AGPL-3.0', false],
    ['LGPL-2.1', false],
    ['SEE LICENSE IN LICENSE', false],
    ['unknown', false],
  ];
  for (const [expression, allowed] of answers) t.equal(isAllowed(expression), allowed, expression);
});

t.test('the list for people is that of the lock files', async (t) => {
  t.equal(readFileSync(LICENCES_FILE, 'utf8'), licencesDocument(), 'npm run docs');
});

t.test('the bill of materials names every package of both parts, and is the same each time', async (t) => {
  const bill = billOfMaterials({ epochSeconds: 1_800_000_000 });
  t.match(bill, {
    bomFormat: 'CycloneDX',
    specVersion: /^1\.[5-9]$/,
    metadata: { component: { name: 'mohr' } },
  });
  const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
  for (const { name, version } of productionPackages()) t.ok(listed.has(`${name}@${version}`), name);
  const inWeb = bill.components.filter(({ properties = [] }) =>
    properties.some(({ value }) => value === 'web'),
  );
  t.ok(inWeb.length > 20, `${inWeb.length} of them in the web's bundle`);
  t.strictSame(billOfMaterials({ epochSeconds: 1_800_000_000 }), bill);
});
