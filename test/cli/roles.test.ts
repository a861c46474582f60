import t from 'tap';

import { faultsOfNode } from '../../cli/roles.ts';
import { readSettings } from '../../cli/settings.ts';
import { runMohr } from '../support/run-mohr.ts';

const read = (...args: string[]) => {
  const outcome = readSettings(args, {});
  return (
    outcome.faults ?? { ...outcome.settings, roles: outcome.settings.roles && [...outcome.settings.roles] }
  );
};

t.test('a process has all roles, or those that it is given', async (t) => {
  t.match(read(), { roles: undefined, nodeName: undefined });
  t.match(read('--roles', 'all'), { roles: undefined });
  t.match(read('--roles', 'ocsp', '--node-name', 'ocsp-1'), { roles: ['ocsp'], nodeName: 'ocsp-1' });
  t.match(read('--roles', 'crl, ocsp'), { roles: ['ocsp', 'crl'] });
});

for (const roles of ['web', 'ocsp,web', 'ocsp,ocsp', 'all,ocsp', ','])
  t.test(`--roles ${roles} is refused`, async (t) => {
    t.match(read('--roles', roles), [
      /^MOHR_ROLES \(--roles\): .*expected all, or a list of ra, ca, ocsp, crl, tsa$/,
    ]);
  });

t.test('a name of a node is short and plain', async (t) => {
  for (const name of ['OCSP', '-1', 'a b', 'a'.repeat(42)])
    t.match(read('--node-name', name), [/^MOHR_NODE_NAME/], name);
});

t.test('a node needs a database of its own kind and a name', async (t) => {
  const databaseUrl = 'postgresql://ocsp_1@127.0.0.1/mohr';
  t.strictSame(faultsOfNode({}), []);
  t.strictSame(faultsOfNode({ roles: new Set(['ocsp']), nodeName: 'ocsp-1', databaseUrl }), []);
  t.strictSame(faultsOfNode({ roles: new Set(['crl']), databaseUrl }), [], 'who signs nothing needs no name');
  t.strictSame(
    faultsOfNode({ roles: new Set(['tsa']), nodeName: 'tsa-1' }),
    [],
    'who stamps needs no database',
  );
  t.match(faultsOfNode({ roles: new Set(['tsa']) }), [/^MOHR_NODE_NAME/]);
  t.match(faultsOfNode({ roles: new Set(['ra', 'ca']), databaseUrl }), [
    /ra is a role by itself/,
    /ca is a role by itself/,
  ]);
  t.match(faultsOfNode({ roles: new Set(['ca']) }), [/^DATABASE_URL .*is needed/]);
  t.strictSame(faultsOfNode({ roles: new Set(['ra']), databaseUrl }), []);
  t.match(faultsOfNode({ roles: new Set(['tsa', 'crl']), nodeName: 'tsa-1', databaseUrl }), [/by itself/]);
  t.match(faultsOfNode({ roles: new Set(['ocsp']) }), [/^DATABASE_URL/, /^MOHR_NODE_NAME/]);
});

t.test('a shell is told', async (t) => {
  const { code, stderr } = await runMohr(['serve', '--roles', 'ocsp']);
  t.equal(code, 2);
  t.match(stderr, /DATABASE_URL[\s\S]*MOHR_NODE_NAME/);
});
