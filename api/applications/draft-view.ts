import { Type } from 'typebox';

import { DELIVERIES, DRAFT_STATES } from '../../ra/application.ts';
import type { ApplicationDraft } from '../../ra/drafts/application-draft.ts';
import type { RegisterAnswer } from '../../ra/registers/register-answer-store.ts';
import { ApplicantDraftSchema, Instant, Uuid } from '../schemas.ts';
import { RegisterAnswerView, viewOfAnswer } from './register-answer-view.ts';

/** What a draft holds; absent is what nobody has typed yet. */
export const draftContent = {
  profile: Type.Optional(Type.String({ maxLength: 40, examples: ['signing-phone'] })),
  delivery: Type.Optional(Type.Enum([...DELIVERIES])),
  applicant: Type.Optional(ApplicantDraftSchema),
  certificationRequest: Type.Optional(Type.String({ maxLength: 32_768, description: 'PKCS#10, PEM' })),
};

export const DraftView = Type.Object({
  id: { ...Uuid, description: 'Of the application too, when it is filed' },
  officeId: Uuid,
  state: Type.Enum([...DRAFT_STATES]),
  version: Type.Integer(),
  draft: Type.Object(draftContent),
  savedBy: Uuid,
  savedAt: Instant,
  registerAnswers: Type.Optional(Type.Array(RegisterAnswerView)),
});

export function viewOfDraft(draft: ApplicationDraft, answers?: readonly RegisterAnswer[]) {
  return {
    id: draft.id,
    officeId: draft.officeId,
    state: draft.state,
    version: draft.version,
    draft: draft.content,
    savedBy: draft.savedBy,
    savedAt: draft.savedAt.toISOString(),
    ...(answers && { registerAnswers: answers.map(viewOfAnswer) }),
  };
}
