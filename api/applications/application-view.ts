import { Type } from 'typebox';

import { APPLICATION_STATES, DELIVERIES } from '../../ra/application.ts';
import type { Application } from '../../ra/application.ts';
import type { RegisterAnswer } from '../../ra/registers/register-answer-store.ts';
import { RegisterAnswerView, viewOfAnswer } from './register-answer-view.ts';
import { ApplicantSchema, Instant, Uuid } from '../schemas.ts';

export const ApplicationView = Type.Object({
  id: Uuid,
  officeId: Uuid,
  state: Type.Enum([...APPLICATION_STATES]),
  version: Type.Integer(),
  profile: Type.String(),
  authority: Type.String(),
  delivery: Type.Enum([...DELIVERIES], {
    description: 'A request from elsewhere, a card at the desk, or the holder’s phone',
  }),
  applicant: ApplicantSchema,
  filedBy: Uuid,
  filedAt: Instant,
  decidedBy: Type.Optional(Uuid),
  decidedAt: Type.Optional(Instant),
  decisionNote: Type.Optional(Type.String()),
  acceptedBy: Type.Optional(Uuid),
  acceptedAt: Type.Optional(Instant),
  registerAnswers: Type.Optional(
    Type.Array(RegisterAnswerView, {
      description: 'The newest answer of each register that was asked',
    }),
  ),
});

/** `answers`: of the registers; absent where the answers are not read. */
export function viewOfApplication(application: Application, answers?: readonly RegisterAnswer[]) {
  return {
    id: application.id,
    officeId: application.officeId,
    state: application.state,
    version: application.version,
    profile: application.profileId,
    authority: application.authorityId,
    delivery: application.delivery,
    applicant: application.applicant,
    filedBy: application.filedBy,
    filedAt: application.filedAt.toISOString(),
    ...(application.decidedBy && { decidedBy: application.decidedBy }),
    ...(application.decidedAt && { decidedAt: application.decidedAt.toISOString() }),
    ...(application.decisionNote !== undefined && { decisionNote: application.decisionNote }),
    ...(application.acceptedBy && { acceptedBy: application.acceptedBy }),
    ...(application.acceptedAt && { acceptedAt: application.acceptedAt.toISOString() }),
    ...(answers && { registerAnswers: answers.map(viewOfAnswer) }),
  };
}
