import { Type } from 'typebox';

import { scopeName } from '../../ca/crl/crl-scope.ts';
import type { PublishedCrls } from '../../ca/crl/crl-cache.ts';
import type { Clock } from '../../core/clock.ts';
import { DASHBOARD_ROLES } from '../../ra/dashboard/dashboard.ts';
import type { Dashboard } from '../../ra/dashboard/dashboard.ts';
import { CIRCUIT_STATES, REGISTERS } from '../../ra/registers/register.ts';
import type { Registers } from '../../ra/registers/register.ts';
import { officerOf } from '../access.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import type { OcspRate } from './ocsp-rate.ts';

export interface DashboardServices {
  dashboard: Dashboard;
  publishedCrls: PublishedCrls;
  /** How this process knows the statuses. */
  ocspFreshness: () => { confirmedAgeSeconds: number; isAlarming: boolean };
  registration: { registers: Registers };
  clock: Clock;
}

const Count = Type.Integer({ minimum: 0 });
const Day = Type.String({ description: 'Of Asia/Tehran, Gregorian', examples: ['2026-11-26'] });

const DashboardView = Type.Object({
  at: { ...Instant, description: 'Of the counts; they are kept for a minute' },
  issuancePerDay: Type.Array(Type.Object({ day: Day, count: Count }), { description: 'The last 30 days' }),
  expiriesAhead: Type.Array(Type.Object({ day: Day, count: Count }), {
    description: 'Certificates that expire within a year and are not revoked',
  }),
  onHold: { ...Count, description: 'Certificates that are on hold' },
  holdsPerDay: Type.Array(Type.Object({ day: Day, count: Count })),
  revocationsPerDay: Type.Array(Type.Object({ day: Day, reason: Type.String(), count: Count })),
  applicationsByState: Type.Array(Type.Object({ state: Type.String(), count: Count }), {
    description: 'Of those filed in the last 30 days, and of all that still wait',
  }),
  ocsp: Type.Object({
    answers: Count,
    perSecond: Type.Number({ description: 'Of the process that answers this, in the last minutes' }),
    lastHour: Type.Array(Type.Object({ at: Instant, perSecond: Type.Number() }), {
      description: 'By minute, of the same process; the newest last',
    }),
    confirmedAgeSeconds: Type.Number({ description: 'Since the statuses were last known to be current' }),
    isAlarming: Type.Boolean(),
  }),
  crls: Type.Array(
    Type.Object({
      authority: Type.String(),
      scope: Type.String(),
      crlNumber: Type.Integer(),
      thisUpdate: Instant,
      nextUpdate: Instant,
      ageSeconds: Type.Integer(),
    }),
  ),
  registers: Type.Array(
    Type.Object({
      register: Type.Enum(REGISTERS),
      lastResult: Type.Enum(['MATCH', 'NO_MATCH', 'UNAVAILABLE']),
      lastReason: Type.String(),
      lastAt: Instant,
      circuit: Type.Enum(CIRCUIT_STATES, {
        description:
          'Whether the process that answers this asks the register: open after failures in a row, half-open while one question tries it',
      }),
      lastDay: Type.Object({ MATCH: Count, NO_MATCH: Count, UNAVAILABLE: Count }),
    }),
  ),
});

export function readDashboardRoute(app: TypedApp, services: DashboardServices, rate: OcspRate): void {
  app.get(
    '/dashboard',
    {
      config: { access: DASHBOARD_ROLES },
      schema: {
        operationId: 'read-dashboard',
        tags: ['dashboard'],
        summary: 'How the house stands: issuance, expiries, revocations, OCSP, CRLs and registers',
        response: { 200: DashboardView, ...problems },
      },
    },
    async (request) => {
      const { at, figures } = await services.dashboard.read(officerOf(request));
      return {
        at: at.toISOString(),
        ...figures,
        ocsp: { ...rate.read(), ...services.ocspFreshness() },
        crls: crlsOf(services),
        registers: figures.registers.map(({ lastAt, ...one }) => ({
          ...one,
          lastAt: lastAt.toISOString(),
          circuit: services.registration.registers[one.register].circuit?.() ?? ('closed' as const),
        })),
      };
    },
  );
}

function crlsOf({ publishedCrls, clock }: DashboardServices) {
  const now = clock.now().getTime();
  return publishedCrls.heads().map(({ scope, crlNumber, thisUpdate, nextUpdate }) => ({
    authority: scope.authorityId,
    scope: scopeName(scope),
    crlNumber,
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    ageSeconds: Math.max(0, Math.floor((now - thisUpdate.getTime()) / 1000)),
  }));
}
