import t from 'tap';

import { signIn } from '../../ra/sign-in.ts';
import { systemClock } from '../../core/clock.ts';
import { makeDeployment } from '../support/deployment.ts';

t.test('the operator at the console lists officers and makes a link, once', async (t) => {
  const deployment = await makeDeployment(t, 'embedded');
  const clerk = deployment.officer('clerk');
  const listed = await deployment.run(['officer', 'list', '--json']);
  t.equal(listed.code, 0);
  const officers = JSON.parse(listed.stdout) as { id: string; roles: string[]; passkeys: number }[];
  t.equal(officers.length, 5, 'of the demonstration office');
  t.match(
    officers.find(({ id }) => id === clerk.id),
    { roles: ['clerk'], passkeys: 0 },
  );
  t.match((await deployment.run(['officer', 'list'])).stdout, new RegExp(`^${clerk.id}  clerk  `, 'm'));

  const made = await deployment.run(['officer', 'link', clerk.id]);
  t.equal(made.code, 0, made.stderr);
  const secret = /^https:\/\/mohr\.test\/sign-in#([\w-]{43})\n$/.exec(made.stdout)?.[1];
  t.ok(secret, made.stdout);
  await deployment.withStores(async (stores) => {
    // Of signing in by a link; passkeys are not asked for.
    const house = {
      ...stores,
      transactions: stores.database,
      clock: systemClock,
      passkeyCeremony: undefined as never,
    };
    t.equal((await signIn(house, secret!)).officer.id, clerk.id);
    await t.rejects(signIn(house, secret!), { code: 'login-link-invalid' });
    const events = await stores.database.query({
      text: `select actor_kind, actor_id from audit_event where action = 'create-login-link' and subject = $1`,
      values: [`officer:${clerk.id}`],
    });
    t.strictSame(events, [{ actor_kind: 'operator', actor_id: 'mohr-officer' }], 'and it is on record');
  });

  for (const id of ['nobody', '0190a000-0000-7000-8000-000000000000']) {
    const refused = await deployment.run(['officer', 'link', id]);
    t.not(refused.code, 0, id);
    t.match(refused.stderr, /officer-unknown/);
    t.equal(refused.stdout, '');
  }
  t.equal((await deployment.run(['officer'])).code, 2);
  t.equal((await deployment.run(['officer', 'link'])).code, 2);
});
