import type { LicenceChange } from '../licence-history.ts';
import type { HealthRule } from './rule.ts';

/**
 * The signer's licence was active when the signer says to have signed, and when the signature is proven to exist: what the
 * Council has taken away takes the right to prescribe with it, whether or not the certificate followed in time.
 */
export const licenceActive: HealthRule = {
  id: 'licence-active',
  failure: 'licence-not-active-when-signed',
  judge({ licence, claimedSigningTime, provenAt }) {
    if (licence === 'not-asked')
      return { outcome: 'not-applicable', detail: 'nobody here knows what the Council says' };
    if (licence === 'unavailable') {
      const detail = 'what the Council says of the licence cannot be had now';
      return { outcome: 'failed', detail, failure: 'licence-unavailable' };
    }
    const moments = claimedSigningTime ? [claimedSigningTime, provenAt] : [provenAt];
    const against = moments.flatMap((at) => lastBefore(licence, at) ?? []).find(isAgainst);
    if (!against) return { outcome: 'passed', detail: 'nothing that the Council said spoke against it then' };
    return {
      outcome: 'failed',
      detail: `the licence was ${against.event} since ${against.at.toISOString()}`,
    };
  },
};

function lastBefore(changes: readonly LicenceChange[], at: Date): LicenceChange | undefined {
  return changes.filter((change) => change.at.getTime() <= at.getTime()).at(-1);
}

function isAgainst({ event }: LicenceChange): boolean {
  return event !== 'restored';
}
