import { Type } from 'typebox';

import { APPLICATION_ACTIONS } from '../../ra/application.ts';
import type { Application, ApplicationId } from '../../ra/application.ts';
import { approveApplication } from '../../ra/approve-application.ts';
import { decideApplication } from '../../ra/decide-application.ts';
import type { DecisionInput } from '../../ra/decide-application.ts';
import type { Officer } from '../../ra/officer.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

const body = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: 'Version of the application that was seen' }),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
);

type Decide = (house: RegistrationHouse, officer: Officer, input: DecisionInput) => Promise<Application>;

/** The three decisions have one shape: they differ in who may take them and in what follows. */
const DECISIONS: { action: keyof typeof APPLICATION_ACTIONS; summary: string; decide: Decide }[] = [
  {
    action: 'approve',
    summary: 'Approve an application as the second officer; the certificate is issued',
    decide: approveApplication,
  },
  {
    action: 'reject',
    summary: 'Reject an application',
    decide: (house, officer, input) => decideApplication(house, officer, 'reject', input),
  },
  {
    action: 'withdraw',
    summary: 'Withdraw an application',
    decide: (house, officer, input) => decideApplication(house, officer, 'withdraw', input),
  },
];

export function decideApplicationRoutes(app: TypedApp, house: RegistrationHouse): void {
  for (const { action, summary, decide } of DECISIONS) {
    app.post(
      `/applications/:id/${action}`,
      {
        config: { access: APPLICATION_ACTIONS[action].roles },
        schema: {
          operationId: `${action}-application`,
          tags: ['applications'],
          summary,
          params: Type.Object({ id: Uuid }),
          body,
          response: { 200: ApplicationView, ...problems },
        },
      },
      async (request) => {
        const input = { id: request.params.id as ApplicationId, ...request.body };
        return viewOfApplication(await decide(house, officerOf(request), input));
      },
    );
  }
}
