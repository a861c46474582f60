import type { AuditActor } from '../../audit/audit-event.ts';
import type { Transaction } from '../../core/transaction.ts';
import { SigningError } from '../signing-error.ts';
import { assertCallbackUrls } from './callback-url.ts';
import { readClientCredential } from './client-credential.ts';
import type { CredentialInput } from './client-credential.ts';
import { CREDENTIALS_PER_KIND_MAX } from './relying-party.ts';
import type {
  CredentialKind,
  RelyingParty,
  RelyingPartyHouse,
  RelyingPartyWithCredentials,
} from './relying-party.ts';

export type RelyingPartyTerms = Pick<
  RelyingParty,
  'displayedName' | 'patientView' | 'callbackUrls' | 'mayHandInDigests'
>;

/** Registers a party without a credential; throws SigningError `relying-party-exists` or `callback-url-malformed`. */
export async function registerRelyingParty(
  house: RelyingPartyHouse,
  actor: AuditActor,
  {
    id,
    ...given
  }: Omit<RelyingPartyTerms, 'mayHandInDigests'> & Partial<RelyingPartyTerms> & Pick<RelyingParty, 'id'>,
): Promise<RelyingPartyWithCredentials> {
  const terms = { mayHandInDigests: false, ...given };
  assertCallbackUrls(terms.callbackUrls);
  const party: RelyingParty = { id, ...terms, version: 1, registeredAt: house.clock.now() };
  await house.transactions.transaction(async (tx) => {
    if (!(await house.relyingParties.insert(tx, party)))
      throw new SigningError('relying-party-exists', 'another relying party has this id');
    await record(house, tx, actor, 'register-relying-party', party.id, termsOf(party));
  });
  return { ...party, credentials: [] };
}

export type RelyingPartyChange = Partial<RelyingPartyTerms> & { version: number; isDisabled?: boolean };

/** Changes what is known of a party, or disables it, which takes effect at once. Throws SigningError `relying-party-…`. */
export async function changeRelyingParty(
  house: RelyingPartyHouse,
  actor: AuditActor,
  id: string,
  { version, isDisabled, ...terms }: RelyingPartyChange,
): Promise<RelyingPartyWithCredentials> {
  if (terms.callbackUrls) assertCallbackUrls(terms.callbackUrls);
  return house.transactions.transaction(async (tx) => {
    const before = await locked(house, tx, id);
    const after = { ...before, ...terms, version: version + 1 };
    if (isDisabled === false) delete after.disabledAt;
    if (isDisabled === true) after.disabledAt ??= house.clock.now();
    if (before.version !== version || !(await house.relyingParties.update(tx, after)))
      throw new SigningError('relying-party-changed', `it is at version ${before.version} meanwhile`);
    if (isDisabled === true) await house.relyingParties.endTokens(tx, id);
    await record(house, tx, actor, 'change-relying-party', id, {
      ...termsOf(after),
      isDisabled: after.disabledAt !== undefined,
    });
    return after;
  });
}

/** Adds a key or certificate; throws SigningError `relying-party-credentials` when there are two of its kind. */
export async function addRelyingPartyCredential(
  house: RelyingPartyHouse,
  actor: AuditActor,
  id: string,
  input: CredentialInput,
): Promise<RelyingPartyWithCredentials> {
  const credential = { ...(await readClientCredential(input)), addedAt: house.clock.now() };
  return house.transactions.transaction(async (tx) => {
    const party = await locked(house, tx, id);
    const ofKind = party.credentials.filter(({ kind }) => kind === credential.kind);
    if (ofKind.length >= CREDENTIALS_PER_KIND_MAX)
      throw new SigningError(
        'relying-party-credentials',
        `it has ${ofKind.length} of this kind, at most ${CREDENTIALS_PER_KIND_MAX}: remove one first`,
      );
    if (!(await house.relyingParties.insertCredential(tx, id, credential)))
      throw new SigningError('relying-party-credentials', 'this key is in use, or was removed: make another');
    const { kind, keyId } = credential;
    await record(house, tx, actor, 'add-relying-party-credential', id, { kind, keyId });
    return { ...party, credentials: [...party.credentials, credential] };
  });
}

/** Removes one for ever, and ends the party's tokens; throws SigningError `client-credential-unknown`. */
export async function removeRelyingPartyCredential(
  house: RelyingPartyHouse,
  actor: AuditActor,
  id: string,
  credential: { kind: CredentialKind; keyId: string },
): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    await locked(house, tx, id);
    const { kind, keyId } = credential;
    if (!(await house.relyingParties.removeCredential(tx, id, credential, house.clock.now())))
      throw new SigningError('client-credential-unknown', 'it has no such credential');
    await house.relyingParties.endTokens(tx, id);
    await record(house, tx, actor, 'remove-relying-party-credential', id, { kind, keyId });
  });
}

async function locked(
  { relyingParties }: RelyingPartyHouse,
  tx: Transaction,
  id: string,
): Promise<RelyingPartyWithCredentials> {
  const party = await relyingParties.lock(tx, id);
  if (!party) throw new SigningError('relying-party-unknown', 'no such relying party');
  return party;
}

function termsOf({ displayedName, patientView, callbackUrls, mayHandInDigests }: RelyingPartyTerms) {
  return { displayedName, patientView, callbackUrls: callbackUrls.join(' '), mayHandInDigests };
}

function record(
  { audit, clock }: RelyingPartyHouse,
  tx: Transaction,
  actor: AuditActor,
  action: string,
  id: string,
  details: Record<string, string | boolean>,
): Promise<void> {
  const event = { at: clock.now(), actor, action, outcome: 'accepted' as const, details };
  return audit.record(tx, { ...event, subject: `relying-party:${id}` });
}
