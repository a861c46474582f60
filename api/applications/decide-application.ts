import { Type } from 'typebox';

import { APPLICATION_ACTIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { decideApplication } from '../../ra/decide-application.ts';
import type { PlainDecision } from '../../ra/decide-application.ts';
import type { RegistrationHouse } from '../../ra/registration-house.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';

/** What every step says that an officer takes. */
export const seenVersion = {
  version: Type.Integer({ minimum: 1, description: 'Version of the application that was seen' }),
};

/** What every decision says. */
export const decision = {
  ...seenVersion,
  note: Type.Optional(Type.String({ maxLength: 2000 })),
};

const body = Type.Object(decision, { additionalProperties: false });

/** These have one shape: they differ in who may take them. */
const DECISIONS: readonly { action: PlainDecision; summary: string }[] = [
  { action: 'reject', summary: 'Reject an application' },
  { action: 'withdraw', summary: 'Withdraw an application' },
];

export function decideApplicationRoutes(app: TypedApp, house: RegistrationHouse): void {
  for (const { action, summary } of DECISIONS) {
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
        return viewOfApplication(await decideApplication(house, officerOf(request), action, input));
      },
    );
  }
}
