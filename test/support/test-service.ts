import { pino } from 'pino';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import type { TypedApp } from '../../api/typed-app.ts';
import { openHouse } from '../../cli/house.ts';
import type { House, HouseOptions } from '../../cli/house.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import type { Role } from '../../ra/officer.ts';
import { createLoginLink } from '../../ra/sign-in.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import { onBothDatabases } from './both-databases.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PUBLIC_URL = 'http://mohr.test';

/** The whole service in this process, without a socket: what a test sends with `inject` goes through every layer. */
export interface TestService {
  app: TypedApp;
  house: House;
  clock: ManualClock;
  /** A cookie header of a signed-in demonstration officer with the role. */
  cookieOf(role: Role): Promise<string>;
}

/** Runs the same tests against a fresh service on each database. */
export async function onBothServices(
  t: Test,
  run: (t: Test, service: TestService) => Promise<void>,
): Promise<void> {
  await onBothDatabases(t, async (part, { opened }) => {
    const service = await openTestService({ opened, dataDirectory: temporaryFolder(part) });
    try {
      await run(part, service);
    } finally {
      await service.close();
    }
  });
}

/** A service over a migrated database; the caller closes both. */
export async function openTestService(
  options: Pick<HouseOptions, 'opened' | 'dataDirectory'> & Partial<HouseOptions>,
): Promise<TestService & { close(): Promise<void> }> {
  const clock = new ManualClock(systemClock.now());
  const logger = pino({ level: 'silent' });
  const house = await openHouse({ crlLock: onlyProcess, publicUrl: PUBLIC_URL, clock, logger, ...options });
  const app = await buildApp(house.services, { logger, version: '0.0.0' });
  const close = async () => {
    await app.close();
    await house.close();
  };
  return { app, house, clock, cookieOf: (role) => signIn(app, house, role), close };
}

async function signIn(app: TypedApp, { services, stores }: House, role: Role): Promise<string> {
  const officers = await stores.database.transaction((tx) => stores.officers.listOfficers(tx));
  const officer = officers.find(({ roles }) => roles.includes(role));
  if (!officer) throw new Error(`no demonstration officer is ${role}`);
  const loginLink = await createLoginLink(services.signIn, officer.id, { kind: 'operator', id: 'test' });
  const response = await app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { loginLink } });
  return String(response.headers['set-cookie']).split(';')[0];
}
