import { Type } from 'typebox';

import { SUMMARY_LANGUAGES } from '../../validation/summary/summary.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { DOCUMENT_BODY_OCTETS_MAX, DocumentMembers, handedInDocument } from '../validations/document-body.ts';
import { SummarySchema } from '../validations/summary-schema.ts';
import { ValidationReportSchema } from '../validations/validation-report-schema.ts';
import type { ValidationReports } from './validation-reports.ts';

/** A report costs three signatures and two time stamps; a court asks for one at a time. */
const RATE = { max: 30, timeWindow: '1 minute' };

const FORMS = ['json', 'zip', 'pdf'] as const;

const Body = Type.Object(
  {
    ...DocumentMembers,
    form: Type.Optional(
      Type.Enum(FORMS, {
        default: 'json',
        description: 'json: the verdict and its seal; zip: the evidence pack; pdf: a print-out in `language`',
      }),
    ),
    language: Type.Optional(Type.Enum(SUMMARY_LANGUAGES, { default: 'fa' })),
  },
  { additionalProperties: false },
);

const SealedVerdict = Type.Object({
  report: ValidationReportSchema,
  summary: Type.Object({ fa: SummarySchema, en: SummarySchema }),
  seal: Type.String({
    description: 'JAdES B-LTA in JSON, base64, over the report in the structure of ETSI TS 119 102-2',
  }),
});

/** `POST /validation-reports`: nothing that is handed in is kept. */
export function createValidationReport(app: TypedApp, { reports }: { reports: ValidationReports }): void {
  app.post(
    '/validation-reports',
    {
      bodyLimit: DOCUMENT_BODY_OCTETS_MAX,
      config: { access: 'public', rateLimit: RATE },
      schema: {
        operationId: 'create-validation-report',
        tags: ['validations'],
        summary: 'Validate a document and have the verdict sealed, with its evidence or as a print-out',
        body: Body,
        response: {
          200: Type.Union([SealedVerdict, Type.Unsafe<Buffer>(Type.String({ format: 'binary' }))]),
          ...problems,
        },
      },
      serializerCompiler: () => (data) => JSON.stringify(data),
    },
    async (request, reply) => {
      const { form = 'json', language = 'fa' } = request.body;
      const dossier = await reports.make(handedInDocument(request.body));
      // It names a person.
      reply.header('cache-control', 'no-store');
      if (form === 'json') {
        const { report, summaries, seal } = dossier;
        return { report, summary: summaries, seal: seal.toString('base64') };
      }
      const file = form === 'zip' ? reports.pack(dossier) : await reports.print(dossier, language);
      reply.header('content-disposition', `attachment; filename="validation.${form}"`);
      return reply.type(`application/${form}`).send(file);
    },
  );
}
