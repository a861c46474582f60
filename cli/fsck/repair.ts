import { systemClock } from '../../core/clock.ts';
import { issueApproved } from '../../ra/issue-approved.ts';
import { withCampaignHouse } from '../campaign/campaign-house.ts';
import type { Settings } from '../settings.ts';
import { underWayBeside } from './under-way.ts';

const OPERATOR = { kind: 'operator', id: 'mohr-fsck' } as const;

/** Completes what a crash left: open intents first, then the applications that wait; returns how many certificates and applications. */
export async function repair(settings: Settings): Promise<{ certificates: number; applications: number }> {
  const clock = systemClock;
  const isUnderWay = underWayBeside(settings, clock);
  return withCampaignHouse({ settings, clock }, async (house) => {
    const completed = await house.issuer.resume(OPERATOR, ({ intendedAt }) => !isUnderWay(intendedAt));
    const issued = await issueApproved({ ...house, issuer: house.ca }, OPERATOR);
    return { certificates: completed.length, applications: issued.length };
  });
}
