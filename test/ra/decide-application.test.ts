import t from 'tap';
import type { Test } from 'tap';

import { newId } from '../../core/ids.ts';
import { APPLICATION_ACTIONS } from '../../ra/application.ts';
import type { Application, ApplicationId, ApplicationState } from '../../ra/application.ts';
import { recordApproval } from '../../ra/approve-application.ts';
import type { ApprovalHouse } from '../../ra/approval/approval-house.ts';
import { decideApplication } from '../../ra/decide-application.ts';
import type { DecisionInput } from '../../ra/decide-application.ts';
import { fileApplication } from '../../ra/file-application.ts';
import { completeApproved, issueApproved } from '../../ra/issue-approved.ts';
import { ROLES } from '../../ra/officer.ts';
import type { Officer, OfficerId, Role } from '../../ra/officer.ts';
import { applicationBody } from '../support/applications.ts';
import { proofOf } from '../support/approve-in-process.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

type Action = keyof typeof APPLICATION_ACTIONS;

interface Fixture {
  house: ApprovalHouse;
  service: TestService;
  /** An officer who is in the database, as whoever decides has to be. */
  officer(...roles: Role[]): Promise<Officer>;
  file(by?: Officer): Promise<Application>;
  /** Resolves to the new state, or to the code of the refusal. */
  decide(officer: Officer, action: Action, application: Application, version?: number): Promise<string>;
}

t.test('deciding on an application', async (t) => {
  await onBothServices(t, async (t, service) => {
    const fixture = await open(service);
    const part = (name: string, run: (t: Test, fixture: Fixture) => Promise<void>) =>
      t.test(name, (t) => run(t, fixture));
    await part('from each state exactly the decisions of the table', table);
    await part('each role takes exactly its decisions', roles);
    await part('whoever filed cannot approve, whatever else they are', fourEyes);
    await part('of decisions that race one is taken', races);
    await part('what is decided lets its key go, or keeps it', keys);
    await part(
      'approved applications are issued, each once, and one that cannot be holds up no other',
      completion,
    );
  });
});

async function open(service: TestService): Promise<Fixture> {
  const { stores, services } = service.house;
  const house = services.registration;
  const [{ officeId }] = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const officer = async (...its: Role[]) => {
    const id: OfficerId = newId(service.clock);
    const one = { id, officeId, name: its.join(' and '), roles: its };
    await stores.database.transaction((tx) => stores.officers.insertOfficer(tx, one, service.clock.now()));
    return one;
  };
  const clerk = await officer('clerk');
  const file = async (by = clerk) => {
    const { profile, ...body } = await applicationBody();
    return fileApplication(house, by, { ...body, profileId: profile });
  };
  const take = async (by: Officer, action: Action, input: DecisionInput) =>
    action === 'approve'
      ? recordApproval(house, by, { ...input, proof: await proofOf(service, by, input.id) })
      : decideApplication(house, by, action, input);
  const decide: Fixture['decide'] = (by, action, { id, version }, seen = version) =>
    take(by, action, { id, version: seen }).then(
      ({ state }) => state,
      (error: Error & { code?: string }) => error.code ?? error.message,
    );
  return { house, service, officer, file, decide };
}

/** States of an application that has its certificate. */
const isCertified = (state: ApplicationState) => ['issued', 'accepted', 'expired'].includes(state);

async function table(t: Test, { house, service, officer, file, decide }: Fixture): Promise<void> {
  const putInto = async (state: ApplicationState, id: ApplicationId) => {
    if (['activation', 'accepted', 'expired'].includes(state))
      await service.house.stores.database.query({
        text: `update application set state = $2, accepted_by = case when $2 = 'accepted' then filed_by end,
          accepted_at = case when $2 = 'accepted' then decided_at end,
          delivery = case when $2 = 'activation' then 'card' else delivery end where id = $1`,
        values: [id, state],
      });
  };
  const everybody = await officer('clerk', 'approving-officer');
  const ways: Record<ApplicationState, Action[]> = {
    submitted: [],
    approved: ['approve'],
    issued: ['approve'],
    rejected: ['reject'],
    withdrawn: ['withdraw'],
    activation: ['approve'],
    accepted: ['approve'],
    expired: ['approve'],
  };
  for (const [state, way] of Object.entries(ways) as [ApplicationState, Action[]][]) {
    for (const action of ['approve', 'reject', 'withdraw'] as const) {
      const { id } = await file();
      for (const step of way) await decide(everybody, step, (await house.applications.find(id))!);
      if (isCertified(state)) await completeApproved(house, id, { kind: 'service', id: 'test' });
      await putInto(state, id);
      const before = (await house.applications.find(id))!;
      t.equal(before.state, state);
      const outcome = await decide(everybody, action, before);
      const isAllowed = state === 'submitted' || (state === 'activation' && action === 'withdraw');
      t.equal(
        outcome,
        isAllowed ? APPLICATION_ACTIONS[action].to : 'application-state',
        `${state}, then ${action}`,
      );
      const after = (await house.applications.find(id))!;
      t.equal(after.version, before.version + (isAllowed ? 1 : 0), 'a decision counts, a refusal does not');
    }
  }
  const application = await file();
  t.equal(
    await decide(everybody, 'approve', application, 2),
    'application-changed',
    'a page that is yet to come',
  );
  t.equal(await decide(everybody, 'approve', application, 0), 'application-changed');
  t.equal(
    await decide(everybody, 'approve', { ...application, id: newId(house.clock) }),
    'application-unknown',
  );
}

async function roles(t: Test, { officer, file, decide }: Fixture): Promise<void> {
  for (const role of ROLES) {
    const one = await officer(role);
    for (const action of ['approve', 'reject', 'withdraw'] as const) {
      const { roles: allowed, to } = APPLICATION_ACTIONS[action];
      const expected = (allowed as readonly Role[]).includes(role) ? to : 'role-missing';
      t.equal(await decide(one, action, await file()), expected, `${role}: ${action}`);
    }
  }
  const nobody = { ...(await officer('auditor')), roles: [] };
  t.equal(await decide(nobody, 'withdraw', await file()), 'role-missing');
}

async function fourEyes(t: Test, { service, officer, file, decide }: Fixture): Promise<void> {
  const both = await officer('clerk', 'approving-officer', 'ca-operator');
  const application = await file(both);
  t.equal(await decide(both, 'approve', application), 'four-eyes');
  const approve = service.house.stores.database.query({
    text: `update application set state = 'approved', decided_by = filed_by, decided_at = now() where id = $1`,
    values: [application.id],
  });
  await t.rejects(approve, { code: '23514' }, 'and the database agrees');
  t.equal(await decide(both, 'reject', application), 'rejected', 'to say no takes one');
}

async function races(t: Test, { house, officer, file, decide }: Fixture): Promise<void> {
  const [clerk, ...approvers] = [
    await officer('clerk'),
    await officer('approving-officer'),
    await officer('approving-officer'),
  ];
  for (let round = 0; round < 5; round += 1) {
    const application = await file();
    const outcomes = await Promise.all([
      decide(clerk, 'withdraw', application),
      decide(approvers[0], 'approve', application),
      decide(approvers[1], 'approve', application),
      decide(approvers[1], 'reject', application),
    ]);
    const taken = outcomes.filter((outcome) => outcome !== 'application-state');
    t.equal(taken.length, 1, outcomes.join(', '));
    t.match(await house.applications.find(application.id), { state: taken[0], version: 2 });
  }
}

async function keys(t: Test, { house, officer, decide }: Fixture): Promise<void> {
  const [clerk, approver] = [await officer('clerk'), await officer('approving-officer')];
  const { profile, ...body } = await applicationBody();
  const again = () => fileApplication(house, clerk, { ...body, profileId: profile });
  const first = await again();
  await t.rejects(again(), { code: 'key-in-use' }, 'submitted');
  await decide(clerk, 'withdraw', first);
  const second = await again();
  t.not(second.id, first.id, 'withdrawn');
  await decide(approver, 'reject', second);
  const third = await again();
  await decide(approver, 'approve', third);
  await t.rejects(again(), { code: 'key-in-use' }, 'approved');
  await completeApproved(house, third.id, { kind: 'service', id: 'test' });
  await t.rejects(again(), { code: 'key-in-use' }, 'issued');
}

async function completion(t: Test, { house, service, officer, file, decide }: Fixture): Promise<void> {
  const actor = { kind: 'service', id: 'test' } as const;
  const approver = await officer('approving-officer');
  await issueApproved(house, actor);
  const three = [await file(), await file(), await file()];
  for (const one of three) await decide(approver, 'approve', one);
  const [, poisoned] = three;
  const { issuer } = house;
  const failing: ApprovalHouse = {
    ...house,
    issuer: {
      ...issuer,
      issue: (request, approval, by) =>
        request.origin.endsWith(poisoned.id)
          ? Promise.reject(new Error('never'))
          : issuer.issue(request, approval, by),
    },
  };
  const failed: string[] = [];
  const decidedBefore = service.clock.now();
  t.strictSame(
    await issueApproved(failing, actor, { decidedBefore, onFailure: () => t.fail('too young') }),
    [],
    'others are at work on them',
  );
  const issued = await issueApproved(failing, actor, { onFailure: (id) => failed.push(id) });
  t.same(new Set(issued.map(({ id }) => id)), new Set([three[0].id, three[2].id]));
  t.strictSame(failed, [poisoned.id]);
  await t.rejects(
    issueApproved(failing, actor),
    /never/,
    'without anybody to tell, it is the caller who is told',
  );

  const outcomes = await Promise.allSettled([
    issueApproved(house, actor),
    completeApproved(house, poisoned.id, actor),
  ]);
  t.ok(outcomes.some(({ status }) => status === 'fulfilled'));
  const { database } = service.house.stores;
  for (const { id } of three) {
    const [row] = await database.query({
      text: `select state, version, (select count(*)::int from certificate where origin = 'application:' || a.id) as certificates,
          (select count(*)::int from audit_event where subject = 'application:' || a.id and action = 'complete-application') as completions
        from application a where id = $1`,
      values: [id],
    });
    t.strictSame(row, { state: 'issued', version: 3, certificates: 1, completions: 1 });
  }
}
