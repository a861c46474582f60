import { ocspLints } from '../../../ca/lint/ocsp-lints.ts';
import { testLintRules } from '../../support/test-lint-rules.ts';

void testLintRules(new URL('./ocsp-rules/', import.meta.url), ocspLints);
