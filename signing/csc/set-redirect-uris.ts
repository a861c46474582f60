import type { AuditActor } from '../../audit/audit-event.ts';
import { assertCallbackUrls } from '../relying-parties/callback-url.ts';
import { SigningError } from '../signing-error.ts';
import type { CscHouse } from './csc-authorization.ts';

export const REDIRECT_URIS_MAX = 10;

/** Enters where a party's pages are; throws SigningError `relying-party-unknown` or `callback-url-malformed`. */
export async function setRedirectUris(
  { relyingParties, redirectUris, audit, transactions, clock }: CscHouse,
  actor: AuditActor,
  id: string,
  uris: readonly string[],
): Promise<readonly string[]> {
  assertCallbackUrls(uris);
  await transactions.transaction(async (tx) => {
    if (!(await relyingParties.lock(tx, id)))
      throw new SigningError('relying-party-unknown', 'no such relying party');
    const at = clock.now();
    await redirectUris.set(tx, id, uris, at);
    await audit.record(tx, {
      at,
      actor,
      action: 'set-redirect-uris',
      outcome: 'accepted',
      subject: `relying-party:${id}`,
      details: { redirectUris: uris.join(' ') },
    });
  });
  return uris;
}
