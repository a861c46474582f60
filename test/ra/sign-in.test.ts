import { createHash } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import { newId } from '../../core/ids.ts';
import { createLoginLink, livingSession, signIn, signOut } from '../../ra/sign-in.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

const OPERATOR = { kind: 'operator', id: 'test' } as const;

t.test('signing in', async (t) => {
  await onOneService(t, async (t, service) => {
    const part = (name: string, run: (t: Test, service: TestService) => Promise<void>) =>
      t.test(name, (t) => run(t, service));
    await part('what the database keeps signs nobody in', secrets);
    await part('a refusal leaves neither session nor event', refusals);
    await part('each step is recorded with who took it', events);
  });
});

async function secrets(t: Test, service: TestService): Promise<void> {
  const { house } = service;
  const link = await service.loginLinkOf('clerk');
  const { sessionSecret } = await signIn(house.services.signIn, link);
  for (const secret of [link, sessionSecret]) {
    t.match(secret, /^[A-Za-z0-9_-]{43}$/, '256 bits');
    const tables = ['login_link', 'officer_session', 'officer', 'audit_event'];
    const text = tables
      .map((table) => `select row_to_json(r)::text as row from ${table} r`)
      .join(' union all ');
    const rows = await house.stores.database.query<{ row: string }>({ text });
    t.notOk(
      rows.some(({ row }) => row.includes(secret)),
      'nowhere',
    );
    const sha256 = createHash('sha256').update(secret).digest('hex');
    t.equal(rows.filter(({ row }) => row.includes(sha256)).length, 1, 'its digest is');
  }
  t.not(link, sessionSecret);
}

async function refusals(t: Test, { house, loginLinkOf }: TestService): Promise<void> {
  const { signIn: signInHouse } = house.services;
  const counts = async () => {
    const [row] = await house.stores.database.query({
      text: `select (select count(*)::int from officer_session) as sessions, (select count(*)::int from audit_event) as events,
        (select count(*)::int from login_link) as links, (select count(*)::int from login_link where used_at is null) as unused`,
    });
    return row;
  };
  const link = await loginLinkOf('clerk');
  await signIn(signInHouse, link);
  const before = await counts();
  for (const secret of [link, '', 'A'.repeat(43), `${link}\0`, link.toUpperCase()])
    await t.rejects(signIn(signInHouse, secret), { code: 'login-link-invalid' });
  await t.rejects(createLoginLink(signInHouse, newId(house.services.clock), OPERATOR), {
    code: 'officer-unknown',
  });
  await t.rejects(livingSession(signInHouse, link), { code: 'session-invalid' }, 'a link is no session');
  t.strictSame(await counts(), before);

  const fresh = await loginLinkOf('clerk');
  const failing = { ...signInHouse, audit: { record: () => Promise.reject(new Error('a crash')) } };
  await t.rejects(signIn(failing, fresh), /a crash/);
  const { officer } = await signIn(signInHouse, fresh);
  t.ok(officer.roles.includes('clerk'), 'a crash does not use the link up');
}

async function events(t: Test, { house, loginLinkOf }: TestService): Promise<void> {
  const { signIn: signInHouse } = house.services;
  const { officer, sessionSecret } = await signIn(signInHouse, await loginLinkOf('approving-officer'));
  const session = await livingSession(signInHouse, sessionSecret);
  await signOut(signInHouse, session.officer, sessionSecret);
  await t.rejects(livingSession(signInHouse, sessionSecret), { code: 'session-invalid' });
  const recorded = await house.stores.database.query({
    text: `select action, actor_kind, actor_id, office_id, outcome from audit_event where subject = $1 order by id`,
    values: [`officer:${officer.id}`],
  });
  const byOfficer = {
    actor_kind: 'officer',
    actor_id: officer.id,
    office_id: officer.officeId,
    outcome: 'accepted',
  };
  t.match(recorded, [
    { action: 'create-login-link', actor_kind: 'operator', actor_id: 'test' },
    { action: 'sign-in', ...byOfficer },
    { action: 'sign-out', ...byOfficer },
  ]);
}
