import t from 'tap';

import { debianPackages, missingPackages } from './debian-packages.ts';

t.test('a package is missing when one of its proofs is', (t) => {
  const directory = t.testdir({ '15': { bin: { postgres: '' } }, '16': { bin: {} } });
  const table = [
    { package: 'there', proof: [`${directory}/*/bin/postgres`] },
    { package: 'half-there', proof: [`${directory}/15`, `${directory}/*/bin/initdb`] },
    { package: 'absent', proof: [`${directory}/17/bin`] },
  ];
  t.strictSame(missingPackages(table), ['half-there', 'absent']);
  t.end();
});

t.test('every package has a proof by absolute path', (t) => {
  for (const row of debianPackages) {
    t.ok(row.proof.length > 0 && row.proof.every((path) => path.startsWith('/')), row.package);
  }
  t.end();
});
