import { pino } from 'pino';
import type { Test } from 'tap';

import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { buildApp } from '../../api/app.ts';
import type { AppOptions } from '../../api/app.ts';
import type { TypedApp } from '../../api/typed-app.ts';
import { openHouse } from '../../cli/house.ts';
import type { House } from '../../cli/house.ts';
import type { HouseOptions } from '../../cli/house/house-options.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Officer, OfficerId, Role } from '../../ra/officer.ts';
import { createLoginLink, signIn } from '../../ra/sign-in.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import { agreeableRegisters } from './agreeable-registers.ts';
import { TEST_ORIGIN } from './approve.ts';
import { onBothDatabases, onPostgres } from './both-databases.ts';
import { TEST_PUBLIC_URL } from './prepared-starts.ts';

const DEFAULTS = {
  crlLock: onlyProcess,
  publicUrl: TEST_PUBLIC_URL,
  consoleUrl: TEST_ORIGIN,
  registers: agreeableRegisters(),
  // What is recommended takes a tenth of a second of a core each time; ra/secret-hash.test.ts shows that it is the default.
  secretCost: { N: 2, r: 8, p: 1 },
};

/** The whole service in this process, without a socket: what a test sends with `inject` goes through every layer. */
export interface TestService {
  app: TypedApp;
  house: House;
  clock: ManualClock;
  /** A cookie header of a signed-in officer of the demonstration office with the role. */
  cookieOf(role: Role): Promise<string>;
  /** The secret of a fresh login link of that officer. */
  loginLinkOf(role: Role): Promise<string>;
}

type Run = (t: Test, service: TestService) => Promise<void>;

/** Runs the same tests against a fresh service on each database. */
export async function onBothServices(t: Test, run: Run): Promise<void> {
  await onBothDatabases(
    t,
    (part, { opened, dataDirectory }) => withService(part, { opened, dataDirectory }, run),
    'first-start',
  );
}

/** Runs tests against one fresh service, on PostgreSQL: for what does not depend on the database. */
export async function onOneService(
  t: Test,
  run: Run,
  options: Pick<Partial<HouseOptions>, 'logger' | 'registers' | 'push'> = {},
): Promise<void> {
  await onPostgres(
    t,
    (part, { opened, dataDirectory }) => withService(part, { opened, dataDirectory, ...options }, run),
    'first-start',
  );
}

async function withService(
  t: Test,
  options: Pick<HouseOptions, 'opened' | 'dataDirectory'> & Partial<HouseOptions>,
  run: Run,
): Promise<void> {
  const service = await openTestService(options);
  try {
    await run(t, service);
  } finally {
    await service.close();
  }
}

/** A service over a migrated database, all of it or what `open` opens; the caller closes both. */
export async function openTestService(
  options: Pick<HouseOptions, 'opened' | 'dataDirectory'> &
    Partial<HouseOptions> &
    Pick<AppOptions, 'tracer' | 'stopping'>,
  open: typeof openHouse = openHouse,
): Promise<TestService & { close(): Promise<void> }> {
  const clock = new ManualClock(systemClock.now());
  const { logger = pino({ level: 'silent' }), tracer, stopping } = options;
  const monotonicMilliseconds = () => clock.now().getTime();
  const house = await open({ ...DEFAULTS, clock, monotonicMilliseconds, ...options, logger });
  const app = await buildApp(house.services, {
    logger,
    version: '0.0.0',
    ...(tracer && { tracer }),
    ...(stopping && { stopping }),
  });
  const close = async () => {
    const closed = app.close();
    // A browser keeps a connection at hand that it has asked nothing on, and closing would wait for it for over a minute.
    app.server.closeAllConnections();
    await closed;
    await house.close();
  };
  const loginLinkOf = async (role: Role) => {
    const { id } = await officerWith(house, role);
    return createLoginLink(house.services.signIn, id, { kind: 'operator', id: 'test' });
  };
  const cookieOf = async (role: Role) => {
    // Not over HTTP, where the rate of attempts is limited.
    const { sessionSecret } = await signIn(house.services.signIn, await loginLinkOf(role));
    return `${SESSION_COOKIE}=${sessionSecret}`;
  };
  return { app, house, clock, cookieOf, loginLinkOf, close };
}

/** The demonstration office has five officers; for the other roles it gets one when first asked. */
async function officerWith({ services, stores }: House, role: Role): Promise<Officer> {
  return stores.database.transaction(async (tx) => {
    const officers = await stores.officers.listOfficers(tx);
    const found = officers.find(({ roles }) => roles.includes(role));
    if (found) return found;
    const id: OfficerId = newId(services.clock);
    const officer = { id, officeId: officers[0].officeId, name: `test ${role}`, roles: [role] };
    await stores.officers.insertOfficer(tx, officer, services.clock.now());
    return officer;
  });
}
