import { Type } from 'typebox';

import type { KeptVerdictHouse } from '../../validation/kept/keep-verdict.ts';
import { readKeptVerdict } from '../../validation/kept/read-kept-verdict.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { SummarySchema } from '../validations/summary-schema.ts';
import { ValidationReportSchema } from '../validations/validation-report-schema.ts';
import { LINK_RATE, LinkHeader, secretOf } from './link-header.ts';

const KeptVerdictView = Type.Object({
  report: ValidationReportSchema,
  summary: Type.Object({ fa: SummarySchema, en: SummarySchema }),
  documentSha256: Type.Optional(
    Type.String({ description: 'Of what was validated, hexadecimal; absent when nothing in it was signed' }),
  ),
  seal: Type.String({
    description: 'JAdES B-LTA in JSON, base64, over the report in the structure of ETSI TS 119 102-2',
  }),
  keptAt: Instant,
  expiresAt: Instant,
});

export function readKeptVerdictRoute(
  app: TypedApp,
  services: Pick<KeptVerdictHouse, 'keptVerdicts' | 'clock'>,
): void {
  app.get(
    '/kept-verdicts/current',
    {
      config: { access: 'public', rateLimit: LINK_RATE },
      schema: {
        operationId: 'read-kept-verdict',
        tags: ['validations'],
        summary: 'The verdict behind a link, as it was given then',
        headers: LinkHeader,
        response: { 200: KeptVerdictView, ...problems },
      },
    },
    async ({ headers }) => {
      const { seal, keptAt, expiresAt, ...opened } = await readKeptVerdict(secretOf(headers), services);
      return {
        ...opened,
        seal: seal.toString('base64'),
        keptAt: keptAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      };
    },
  );
}
