import { digest } from '../../pki/digest-algorithm.ts';
import { parseAcceptanceDocument } from '../../pki/renewal/renewal-document.ts';
import { RaError } from '../ra-error.ts';
import { certificateOf } from './renew-certificate.ts';
import { RENEWAL_ACTOR, renewalOrigin } from './renewal.ts';
import type { RenewalHouse, RenewalId } from './renewal.ts';
import { signedByHolder } from './signed-by-holder.ts';

/**
 * The holder has the new certificate, which its signature shows, and the old one is revoked as superseded. Without it the old one
 * stands until it expires. Resolves when OCSP shows it; sent again, nothing more happens. Throws RaError `renewal-unknown`.
 */
export async function acceptRenewal(house: RenewalHouse, id: RenewalId, signature: Buffer): Promise<void> {
  const renewal = await house.renewals.find(id);
  if (!renewal) throw new RaError('renewal-unknown', 'no such renewal');
  const { content, signedWith } = await signedByHolder(house, signature);
  const issued = await certificateOf(house, renewal);
  const document = parseAcceptanceDocument(content);
  const isOfNewOne =
    signedWith.sha256.equals(issued.sha256) &&
    document.renewal === id &&
    document.certificateSha256 === issued.sha256.toString('hex');
  if (!isOfNewOne)
    throw new RaError('renewal-signature-wrong', 'the new certificate did not sign the acceptance of itself');
  await house.transactions.transaction(async (tx) => {
    const at = house.clock.now();
    if (!(await house.renewals.accept(tx, { renewalId: id, document: content, signature, at }))) return;
    const { authorityId, serialNumber } = renewal.replaces;
    const history = await house.holderStatus.lockHistory(tx, authorityId, serialNumber);
    if (history.at(-1)?.event !== 'revoked')
      await house.holderStatus.changeStatusIn(
        tx,
        { authorityId, serialNumber, event: 'revoked', reason: 'superseded', requestedBy: 'holder' },
        RENEWAL_ACTOR,
      );
    await house.audit.record(tx, {
      at,
      actor: RENEWAL_ACTOR,
      action: 'accept-renewal',
      outcome: 'accepted',
      subject: renewalOrigin(id),
      details: { signatureSha256: digest('sha256', signature).toString('hex') },
    });
  });
  await house.holderStatus.whenVisible();
}
