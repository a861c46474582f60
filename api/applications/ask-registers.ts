import { Type } from 'typebox';

import type { RegisterHouse } from '../../ra/registers/ask-registers.ts';
import { CHECK_ROLES } from '../../ra/registers/check-application.ts';
import { inquire } from '../../ra/registers/inquire.ts';
import { officerOf } from '../access.ts';
import { ApplicantSchema, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { RegisterAnswerView, viewOfAnswer } from './register-answer-view.ts';

const body = Type.Object(
  {
    applicant: ApplicantSchema,
    birthDate: Type.Optional(Type.String({ format: 'date', description: 'Gregorian' })),
    mobile: Type.Optional(Type.String({ pattern: '^09[0-9]{9}$' })),
  },
  { additionalProperties: false },
);

export function askRegistersRoute(app: TypedApp, house: RegisterHouse): void {
  app.post(
    '/register-checks',
    {
      config: { access: CHECK_ROLES },
      schema: {
        operationId: 'ask-registers',
        tags: ['applications'],
        summary: 'Ask the registers about an applicant before anything is filed; each inquiry is recorded',
        body,
        response: { 200: Type.Object({ items: Type.Array(RegisterAnswerView) }), ...problems },
      },
    },
    async (request) => {
      const answers = await inquire(house, officerOf(request), request.body);
      return { items: answers.map(viewOfAnswer) };
    },
  );
}
