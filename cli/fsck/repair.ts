import { systemClock } from '../../core/clock.ts';
import { issueApproved } from '../../ra/issue-approved.ts';
import { withCampaignHouse } from '../campaign/campaign-house.ts';
import type { Settings } from '../settings.ts';

const OPERATOR = { kind: 'operator', id: 'mohr-fsck' } as const;

/** Somebody else may be at work on younger ones: an issuance takes milliseconds, an HSM that is away a little longer. */
const SETTLED_MILLISECONDS = 60_000;

/** Completes what a crash left: open intents first, then the applications that wait; returns how many certificates and applications. */
export async function repair(settings: Settings): Promise<{ certificates: number; applications: number }> {
  const clock = systemClock;
  const settled = clock.now().getTime() - SETTLED_MILLISECONDS;
  return withCampaignHouse({ settings, clock }, async (house) => {
    const isOurs = settings.databaseUrl === undefined;
    const completed = await house.issuer.resume(
      OPERATOR,
      ({ intendedAt }) => isOurs || intendedAt.getTime() < settled,
    );
    const issued = await issueApproved({ ...house, issuer: house.ca }, OPERATOR);
    return { certificates: completed.length, applications: issued.length };
  });
}
