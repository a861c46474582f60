import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

import type { ApiServices } from '../api/api-services.ts';

type Validators = Pick<ApiServices, 'validate' | 'validateChunk'>;

/** Counts verdicts, those of batches by whether they passed, and times single ones. */
export function countedValidations<Given extends Validators>(validators: Given, registry: Registry): Given {
  const registers = [registry];
  const verdicts = new Counter({
    name: 'mohr_validations_total',
    help: 'Documents that were validated, by verdict; of a batch only whether it passed is counted (BATCH-…).',
    labelNames: ['indication'],
    registers,
  });
  const durations = new Histogram({
    name: 'mohr_validation_duration_seconds',
    help: 'Validation of one document that was handed in by itself.',
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const { validate, validateChunk } = validators;
  return {
    ...validators,
    validate: async (document) => {
      const end = durations.startTimer();
      const report = await validate(document);
      end();
      verdicts.inc({ indication: report.indication });
      return report;
    },
    validateChunk: {
      ...validateChunk,
      validate: async (documents) => {
        const results = await validateChunk.validate(documents);
        for (const { hasPassed } of results)
          verdicts.inc({ indication: hasPassed ? 'BATCH-PASSED' : 'BATCH-NOT-PASSED' });
        return results;
      },
    },
  };
}
