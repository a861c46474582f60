import { Type } from 'typebox';

import { OFFICE_KINDS, ROLES } from '../../ra/officer.ts';
import type { Officer } from '../../ra/officer.ts';
import { SIGN_IN_METHODS } from '../../ra/officer-store.ts';
import type { LivingSession } from '../../ra/sign-in.ts';
import { Instant, Uuid } from '../schemas.ts';

const officer = {
  id: Uuid,
  officeId: Uuid,
  name: Type.String(),
  roles: Type.Array(Type.Enum([...ROLES])),
};

export const SessionView = Type.Object({
  ...officer,
  officer: Type.Object({
    ...officer,
    officeName: Type.String(),
    officeKind: Type.Enum([...OFFICE_KINDS]),
  }),
  method: Type.Enum([...SIGN_IN_METHODS], { description: 'How the officer has signed in' }),
  expiresAt: { ...Instant, description: 'When the session ends if it is not used any more' },
  credentials: Type.Integer({
    minimum: 0,
    description: 'Passkeys and certificates with which the officer can approve; none: enrol one first',
  }),
});

export function viewOfSession(
  { officer: its, office, method, expiresAt }: LivingSession,
  credentials: number,
) {
  return {
    ...viewOfOfficer(its),
    officer: { ...viewOfOfficer(its), officeName: office.name, officeKind: office.kind },
    method,
    expiresAt: expiresAt.toISOString(),
    credentials,
  };
}

function viewOfOfficer({ id, officeId, name, roles }: Officer) {
  return { id, officeId, name, roles: [...roles] };
}
