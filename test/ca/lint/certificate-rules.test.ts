import { certificateLints } from '../../../ca/lint/certificate-lints.ts';
import { testLintRules } from '../../support/test-lint-rules.ts';

void testLintRules(new URL('./rules/', import.meta.url), certificateLints);
