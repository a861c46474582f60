import { createHash } from 'node:crypto';

import { Type } from 'typebox';

import { canonicalJson } from '../../core/canonical-json.ts';
import { DELIVERIES } from '../../ra/application.ts';
import { startDraft } from '../../ra/drafts/edit-draft.ts';
import type { DraftHouse } from '../../ra/drafts/edit-draft.ts';
import { fileApplicationOnce } from '../../ra/file-application-once.ts';
import type { Idempotency } from '../../ra/idempotency.ts';
import { officerOf } from '../access.ts';
import { ApplicantSchema, IdempotencyHeaders, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';
import { DraftView, draftContent, viewOfDraft } from './draft-view.ts';

const closed = { additionalProperties: false };

const body = Type.Union([
  Type.Object(
    {
      draft: Type.Optional(Type.Literal(false)),
      profile: Type.String({ maxLength: 40, examples: ['signing-phone'] }),
      applicant: ApplicantSchema,
      delivery: Type.Optional(
        Type.Enum([...DELIVERIES], {
          description:
            'request (when absent): issued when it is approved. card, phone: issued when the holder activates it',
        }),
      ),
      certificationRequest: Type.Optional(
        Type.String({
          maxLength: 32_768,
          description: 'PKCS#10, PEM; only its key is used. Not for a phone, which has no key yet',
        }),
      ),
    },
    closed,
  ),
  Type.Object(
    { draft: Type.Literal(true, { description: 'Kept as it is, and filed later' }), ...draftContent },
    closed,
  ),
]);

export function fileApplicationRoute(app: TypedApp, house: DraftHouse): void {
  app.post(
    '/applications',
    {
      config: { access: ['clerk'] },
      schema: {
        operationId: 'file-application',
        tags: ['applications'],
        summary: 'File an application for a certificate, or keep a draft of one',
        headers: IdempotencyHeaders,
        body,
        response: { 201: Type.Union([ApplicationView, DraftView]), ...problems },
      },
    },
    async (request, reply) => {
      const idempotency = idempotencyOf(request.headers['idempotency-key'], request.body);
      const officer = officerOf(request);
      const view = await (request.body.draft
        ? startDraft(house, officer, contentOf(request.body), idempotency).then((draft) => viewOfDraft(draft))
        : fileApplicationOnce(house, officer, inputOf(request.body), idempotency).then((application) =>
            viewOfApplication(application, application.registerAnswers),
          ));
      return reply.code(201).header('location', `/api/v1/applications/${view.id}`).send(view);
    },
  );
}

function idempotencyOf(key: string | undefined, form: object): Idempotency | undefined {
  return key === undefined
    ? undefined
    : { key, requestSha256: createHash('sha256').update(canonicalJson(form)).digest() };
}

function contentOf<T extends { draft: true }>({ draft: _, ...content }: T) {
  return content;
}

function inputOf<T extends { profile: string }>({ profile, ...input }: T) {
  return { profileId: profile, ...input };
}
