import { SESSION_COOKIE } from '../../api/session-cookie.ts';
import { newId } from '../../core/ids.ts';
import type { Office, Officer, OfficerId, Role } from '../../ra/officer.ts';
import { createLoginLink, signIn } from '../../ra/sign-in.ts';
import type { TestService } from './test-service.ts';

/** Roles whose officers see their own office alone. */
export const OFFICE_ROLES = ['clerk', 'approving-officer', 'office-manager'] as const;
export type OfficeRole = (typeof OFFICE_ROLES)[number];

export interface SecondOffice {
  officeId: Office['id'];
  officerIds: Record<OfficeRole, OfficerId>;
  /** The same service, where officers of offices are those of this one. */
  service: TestService;
}

/** Opens an office beside that of the demonstration, with an officer of each role. */
export async function openSecondOffice(service: TestService, name = 'another office'): Promise<SecondOffice> {
  const { stores, services } = service.house;
  const now = services.clock.now();
  const office: Office = { id: newId(services.clock), kind: 'notary', name };
  const officers = OFFICE_ROLES.map((role): Officer => ({
    id: newId(services.clock),
    officeId: office.id,
    name: `other ${role}`,
    roles: [role],
  }));
  await stores.database.transaction(async (tx) => {
    await stores.officers.insertOffice(tx, office, now);
    for (const officer of officers) await stores.officers.insertOfficer(tx, officer, now);
  });
  const idOf = (role: Role) => officers.find(({ roles }) => roles.includes(role))?.id;
  const loginLinkOf = (role: Role) => {
    const id = idOf(role);
    const by = { kind: 'operator', id: 'test' } as const;
    return id ? createLoginLink(services.signIn, id, by) : service.loginLinkOf(role);
  };
  const cookieOf = async (role: Role) => {
    const { sessionSecret } = await signIn(services.signIn, await loginLinkOf(role));
    return `${SESSION_COOKIE}=${sessionSecret}`;
  };
  const officerIds = Object.fromEntries(OFFICE_ROLES.map((role) => [role, idOf(role)])) as Record<
    OfficeRole,
    OfficerId
  >;
  return { officeId: office.id, officerIds, service: { ...service, cookieOf, loginLinkOf } };
}
