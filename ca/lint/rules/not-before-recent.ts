import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** For relying parties whose clocks are slow; more would let a signature predate its certificate. */
const BACKDATE_SECONDS_MAX = 300;

/** notBefore lies at most five minutes before the issue, and never after it. */
export const notBeforeRecent: CertificateLint = {
  id: 'not-before-recent',
  source: 'practice statement: validity',
  check({ certificate: { notBefore }, now }) {
    if (!now) return 'not-applicable';
    // Certificates have whole seconds, the clock has not.
    const backdateSeconds = Math.floor(now.getTime() / 1000) - notBefore.getTime() / 1000;
    if (backdateSeconds < 0) return error(`notBefore lies ${-backdateSeconds} s after the issue`);
    if (backdateSeconds <= BACKDATE_SECONDS_MAX) return 'pass';
    return error(`notBefore lies ${backdateSeconds} s before the issue, at most ${BACKDATE_SECONDS_MAX}`);
  },
};
