import { crlLints } from '../../../ca/lint/crl-lints.ts';
import { testLintRules } from '../../support/test-lint-rules.ts';

void testLintRules(new URL('./crl-rules/', import.meta.url), crlLints);
