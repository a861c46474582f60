import type { Transaction } from '../../core/transaction.ts';
import { layHold } from '../holds/lay-hold.ts';
import type { HolderCertificate } from '../licence/holder-certificates.ts';
import type { Holder } from '../holders/holder.ts';
import { RaError } from '../ra-error.ts';
import { proveHolder, subjectSha256 } from './prove-holder.ts';
import type { HolderClaim } from './prove-holder.ts';
import { SELF_SERVICE } from './self-service-house.ts';
import type { KeyStoreKind, SelfServiceHouse } from './self-service-house.ts';
import type { CodeId } from './self-service-store.ts';

export interface BlockRequest extends HolderClaim {
  /** Absent: whatever the holder has. */
  keyStore?: KeyStoreKind;
  /** Revoked for good, at once: it will not be found again. */
  final?: boolean;
}

export interface BlockOutcome {
  held: number;
  revoked: number;
}

const REQUESTED_BY = 'holder';

/**
 * A holder blocks their card or phone, now: on hold as lost, which becomes a revocation after seven days and is lifted by an office
 * only; or revoked. Resolves when OCSP shows it. Throws RaError `self-service-refused`.
 */
export async function blockCertificates(
  house: SelfServiceHouse,
  request: BlockRequest,
): Promise<BlockOutcome> {
  const { holder, codeId } = await proveHolder(house, request, 'block');
  const outcome = await house.transactions.transaction((tx) => blockIn(house, tx, holder, request, codeId));
  await house.holderStatus.whenVisible();
  return outcome;
}

async function blockIn(
  house: SelfServiceHouse,
  tx: Transaction,
  holder: Holder,
  { nationalId, keyStore, final = false }: BlockRequest,
  codeId: CodeId | undefined,
): Promise<BlockOutcome> {
  const at = house.clock.now();
  // Two at once with one code: the second is too late.
  if (codeId && !(await house.selfService.useCode(tx, codeId, at)))
    throw new RaError('self-service-refused', 'this code has been used');
  await house.selfService.forgetTries(tx, subjectSha256(nationalId));
  const outcome: BlockOutcome = { held: 0, revoked: 0 };
  for (const certificate of await house.holderCertificates.ofPerson(tx, holder.nationalId, at)) {
    const isMeant = keyStore === undefined || house.keyStoreOf(certificate.profileId) === keyStore;
    if (!isMeant || certificate.lastEvent === 'revoked') continue;
    await block(house, tx, certificate, final);
    outcome[final ? 'revoked' : 'held'] += 1;
  }
  await house.audit.record(tx, {
    at,
    actor: SELF_SERVICE,
    action: 'block-certificates',
    outcome: 'accepted',
    subject: `holder:${holder.id}`,
    details: { ...outcome, keyStore: keyStore ?? null, proof: codeId ? 'code' : 'password' },
  });
  return outcome;
}

async function block(
  house: SelfServiceHouse,
  tx: Transaction,
  { authorityId, serialNumber }: HolderCertificate,
  final: boolean,
): Promise<void> {
  const named = { authorityId, serialNumber, requestedBy: REQUESTED_BY };
  if (!final) {
    await layHold(house, tx, { ...named, cause: 'lost' }, SELF_SERVICE);
    return;
  }
  await house.holderStatus.lockHistory(tx, authorityId, serialNumber);
  // Suspected since they said that it was lost, if they did.
  const lost = (await house.holds.standing(tx, authorityId, serialNumber)).find(
    ({ cause }) => cause === 'lost',
  );
  const since = lost && { invalidityDate: lost.laidAt };
  const revocation = { ...named, event: 'revoked' as const, reason: 'keyCompromise' as const, ...since };
  await house.holderStatus.changeStatusIn(tx, revocation, SELF_SERVICE);
}
