import { revokeAll } from '../../ca/status/revoke-all.ts';
import type { CampaignHouse } from '../../cli/campaign/campaign-house.ts';
import type { CertificateId } from '../../ca/status/status-store.ts';
import { layHold } from '../../ra/holds/lay-hold.ts';
import { actorOf } from '../../ra/officer.ts';
import type { Officer } from '../../ra/officer.ts';
import type { SeedStatus } from './seed-plan.ts';
import { SEED_CAMPAIGN } from './seedable-database.ts';

/** Revokes and holds what the plan says, as officers do; what an earlier run did already stays. Returns how many of each. */
export async function seedStatuses(
  house: CampaignHouse,
  operator: Officer,
  changes: readonly { certificate: CertificateId; status: SeedStatus }[],
): Promise<{ revoked: number; held: number }> {
  const reasons = new Map<string, CertificateId[]>();
  const held: CertificateId[] = [];
  for (const { certificate, status } of changes) {
    if (status.event === 'held') held.push(certificate);
    else reasons.set(status.reason, [...(reasons.get(status.reason) ?? []), certificate]);
  }
  const done = { revoked: 0, held: 0 };
  for (const { status } of changes) {
    if (status.event !== 'revoked') continue;
    const certificates = reasons.get(status.reason);
    if (!certificates) continue;
    reasons.delete(status.reason);
    const request = {
      certificates,
      reason: status.reason,
      requestedBy: `campaign:${SEED_CAMPAIGN}`,
      details: {},
    };
    const outcomes = await revokeAll(house, request, actorOf(operator));
    done.revoked += outcomes.filter((outcome) => outcome === 'revoked').length;
  }
  for (const { authorityId, serialNumber } of held) {
    const laid = await house.transactions.transaction((tx) =>
      layHold(
        { ...house, holderStatus: house.ca },
        tx,
        { authorityId, serialNumber, cause: 'lost', requestedBy: `officer:${operator.id}` },
        actorOf(operator),
      ),
    );
    if (laid.isNew) done.held += 1;
  }
  return done;
}
