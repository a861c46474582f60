import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import { maskEmail, maskMobile } from '../../ra/holders/holder.ts';
import { CONTACT_ROLES, setContact } from '../../ra/holders/set-contact.ts';
import type { ContactHouse } from '../../ra/holders/set-contact.ts';
import { officerOf } from '../access.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const body = Type.Object(
  {
    mobile: Type.Optional(Type.String({ maxLength: 30, examples: ['09990000001'] })),
    email: Type.Optional(Type.String({ maxLength: 254 })),
  },
  { additionalProperties: false },
);

const ContactView = Type.Object(
  { mobile: Type.Optional(Type.String()), email: Type.Optional(Type.String()) },
  { description: 'What is known now, masked' },
);

export function setContactRoute(app: TypedApp, house: ContactHouse): void {
  app.put(
    '/applications/:id/contact',
    {
      config: { access: CONTACT_ROLES },
      schema: {
        operationId: 'set-contact',
        tags: ['holders'],
        summary:
          'Take down where a holder is reached; a mobile number counts when Shahkar says that it is theirs',
        params: Type.Object({ id: Uuid }),
        body,
        response: { 200: ContactView, ...problems },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const { mobile, email } = await setContact(house, officerOf(request), id, request.body);
      return {
        ...(mobile && { mobile: maskMobile(mobile) }),
        ...(email && { email: maskEmail(email) }),
      };
    },
  );
}
