import t from 'tap';

import { REASON_CODES, verdictOf } from '../../validation/reason.ts';
import type { ReasonCode } from '../../validation/reason.ts';

const reasons = (...codes: ReasonCode[]) => codes.map((code) => ({ code, text: '' }));

t.test('passes when nothing speaks against it', async (t) => {
  t.same(verdictOf([]), { indication: 'TOTAL-PASSED' });
  t.same(verdictOf(reasons('revoked-after-proof')), { indication: 'TOTAL-PASSED' });
});

t.test('lets a failure outweigh what is left open', async (t) => {
  const mixed = reasons('chain-not-found', 'content-digest-differs', 'status-unavailable');
  t.same(verdictOf(mixed), { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' });
});

t.test('takes the first of equally grave reasons', async (t) => {
  const open = verdictOf(reasons('status-unavailable', 'non-repudiation-missing'));
  t.same(open, { indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
});

t.test('has a sub-indication for each reason that is no mere explanation', async (t) => {
  const explaining = REASON_CODES.filter((code) => verdictOf(reasons(code)).indication === 'TOTAL-PASSED');
  t.same(explaining.toSorted(), [
    'compromise-suspected-before-proof',
    'content-differs-from-enveloped',
    'counter-signature-not-valid',
    'counter-signature-passed-over',
    'input-passed-over',
    'on-hold-after-proof',
    'pdf-later-revisions',
    'revoked-after-proof',
    'signing-certificate-unbound-accepted',
    'signing-time-after-proof',
    'status-not-asked',
    'time-stamp-not-counted',
  ]);
});
