import { Type } from 'typebox';

import type { ValidationReport } from '../../validation/report.ts';
import { summarise } from '../../validation/summary/summarise.ts';
import { SUMMARY_LANGUAGES } from '../../validation/summary/summary.ts';
import { CHECK_RATE } from '../rate-limits.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { DOCUMENT_BODY_OCTETS_MAX, DocumentMembers, handedInDocument } from './document-body.ts';
import type { HandedInDocument } from './document-body.ts';
import { SummarySchema } from './summary-schema.ts';
import { ValidationReportSchema } from './validation-report-schema.ts';

/** `validateDocument` with trust, policy, history and clock filled in. */
export type Validate = (request: HandedInDocument) => Promise<ValidationReport>;

const Body = Type.Object(
  {
    ...DocumentMembers,
    summary: Type.Optional(
      Type.Enum(SUMMARY_LANGUAGES, { description: 'Have the verdict in plain words too' }),
    ),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  ...ValidationReportSchema.properties,
  summary: Type.Optional(SummarySchema),
});

/** `POST /validations`: reads and changes nothing, so it is open to everybody. */
export function createValidation(app: TypedApp, { validate }: { validate: Validate }): void {
  app.post(
    '/validations',
    {
      bodyLimit: DOCUMENT_BODY_OCTETS_MAX,
      config: { access: 'public', rateLimit: CHECK_RATE },
      schema: {
        operationId: 'create-validation',
        tags: ['validations'],
        summary: 'Validate the signatures of a document against this deployment',
        body: Body,
        response: { 200: Answer, ...problems },
      },
    },
    async (request, reply) => {
      const { summary } = request.body;
      const report = await validate(handedInDocument(request.body));
      // The report names a person.
      reply.header('cache-control', 'no-store');
      return { ...report, ...(summary && { summary: summarise(report, summary) }) };
    },
  );
}
