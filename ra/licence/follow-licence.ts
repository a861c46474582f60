import type { Transaction } from '../../core/transaction.ts';
import { layHold } from '../holds/lay-hold.ts';
import { liftHold } from '../holds/lift-hold.ts';
import type { HoldHouse } from '../holds/hold-house.ts';
import { effectOn } from './holder-certificates.ts';
import type { HolderCertificate } from './holder-certificates.ts';
import type { LicenceEffect, LicenceStanding } from './licence-event.ts';
import { COUNCIL } from './licence-house.ts';

/**
 * Has one certificate follow a standing, in the caller's transaction. Says what became of its status: `unchanged` also where the
 * Council's cause was added to a hold or taken from one that has others.
 */
export async function followLicence(
  house: HoldHouse,
  tx: Transaction,
  standing: LicenceStanding,
  certificate: HolderCertificate,
  requestedBy: string,
): Promise<LicenceEffect['event'] | 'unchanged'> {
  const effect = effectOn(standing, certificate);
  const { authorityId, serialNumber, lastChangeNumber: after } = certificate;
  const named = { authorityId, serialNumber, requestedBy };
  switch (effect?.event) {
    case undefined:
      return 'unchanged';
    case 'held': {
      const { isNew } = await layHold(house, tx, { ...named, cause: 'licence-suspended' }, COUNCIL);
      return isNew ? 'held' : 'unchanged';
    }
    case 'released': {
      const lifted = await liftHold(house, tx, { ...named, causes: ['licence-suspended'] }, COUNCIL);
      return lifted.kind === 'released' ? 'released' : 'unchanged';
    }
    case 'revoked':
      await house.holderStatus.changeStatusIn(tx, { ...named, ...effect, after }, COUNCIL);
      return 'revoked';
  }
}
