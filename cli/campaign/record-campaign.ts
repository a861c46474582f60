import { actorOf } from '../../ra/officer.ts';
import type { CampaignHouse } from './campaign-house.ts';
import type { TwoOfficers } from './two-officers.ts';

export interface CampaignRecord {
  house: Pick<CampaignHouse, 'transactions' | 'audit' | 'clock'>;
  officers: TwoOfficers;
  campaign: string;
  kind: string;
  action: 'begin-campaign' | 'end-campaign';
  details: Readonly<Record<string, string | number>>;
}

/** Writes the event that brackets a run; one that begins and does not end was killed. */
export async function recordCampaign(record: CampaignRecord): Promise<void> {
  const { house, officers, campaign, kind, action, details } = record;
  await house.transactions.transaction((tx) =>
    house.audit.record(tx, {
      at: house.clock.now(),
      actor: actorOf(officers.approvedBy),
      action,
      outcome: 'accepted',
      subject: `campaign:${campaign}`,
      details: { kind, filedBy: officers.filedBy.id, approvedBy: officers.approvedBy.id, ...details },
    }),
  );
}
