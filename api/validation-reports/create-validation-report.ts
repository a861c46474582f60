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

const Body = Type.Object(
  {
    ...DocumentMembers,
    language: Type.Optional(Type.Enum(SUMMARY_LANGUAGES, { default: 'fa', description: 'Of the print-out' })),
  },
  { additionalProperties: false },
);

const SealedVerdict = Type.Object({
  report: ValidationReportSchema,
  summary: Type.Object({ fa: SummarySchema, en: SummarySchema }),
  seal: Type.String({
    description: 'JAdES B-LTA in JSON, base64, over the report in the structure of ETSI TS 119 102-2',
  }),
  pack: Type.String({
    description:
      'Base64 of a ZIP: the seal, what was validated, and the evidence; see `mohr verify --offline`',
  }),
  print: Type.String({ description: 'Base64 of a PDF, for people' }),
});

/** `POST /validation-reports`: nothing that is handed in is kept. */
export function createValidationReport(app: TypedApp, services: { reports: ValidationReports }): void {
  app.post(
    '/validation-reports',
    {
      bodyLimit: DOCUMENT_BODY_OCTETS_MAX,
      config: { access: 'public', rateLimit: RATE },
      schema: {
        operationId: 'create-validation-report',
        tags: ['validations'],
        summary: 'Validate a document and have the verdict sealed, with its evidence and a print-out',
        body: Body,
        response: { 200: SealedVerdict, ...problems },
      },
    },
    async (request, reply) => {
      const { reports } = services;
      const dossier = await reports.make(handedInDocument(request.body));
      const print = await reports.print(dossier, request.body.language ?? 'fa');
      // It names a person.
      reply.header('cache-control', 'no-store');
      return {
        report: dossier.report,
        summary: dossier.summaries,
        seal: dossier.seal.toString('base64'),
        pack: reports.pack(dossier).toString('base64'),
        print: print.toString('base64'),
      };
    },
  );
}
