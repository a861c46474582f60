import type { Transaction } from '../../core/transaction.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { CaError } from '../ca-error.ts';
import type { CertificateStore, IssuanceIntent } from '../issue/certificate-store.ts';
import type { Profile } from '../profile.ts';
import type { ApprovalCredentials } from './approval-credentials.ts';
import { assertApproved, requiredAuthorization } from './assert-authorized.ts';
import { assertHolderSession, assertHolderSigned, assertNotHandedIn } from './assert-holder-signed.ts';
import type { ReadyDigests } from './assert-holder-signed.ts';
import type { AuthorizationRecords } from './authorization-records.ts';
import { factsOfIntent } from './certified-facts.ts';

export interface AuthorizationSources {
  authorizationRecords: AuthorizationRecords;
  approvalCredentials: ApprovalCredentials;
  certificates: Pick<CertificateStore, 'findReplaced'>;
  readyDigests: ReadyDigests;
  /** Whether the registration authority is believed that a holder asked over TLS to renew; absent: it is not. */
  believesHolderSessions?: boolean;
}

/**
 * Verifies again what an intent rests on, over the octets that it holds: whoever can write to the database could have left one there for the
 * next start to sign. As of the moment when it was intended. Throws CaError `authorization-missing` and whatever verifying it
 * then would have thrown.
 */
export async function assertStillAuthorized(
  sources: AuthorizationSources,
  tx: Transaction,
  intent: IssuanceIntent,
  certificate: Certificate,
  profile: Profile,
): Promise<void> {
  const { authorizationRecords, approvalCredentials, certificates, readyDigests } = sources;
  const recorded = await authorizationRecords.of(tx, intent);
  const replaces = intent.holder?.replaces;
  const authorization = requiredAuthorization(
    { ...(recorded && { authorization: recorded }), ...(replaces && { replaces, isRenewal: true }) },
    profile,
  );
  const { origin, intendedAt: now } = intent;
  const { subjectPublicKeyInfo, notBefore, notAfter } = certificate;
  if (authorization.kind === 'approval') {
    const actual = factsOfIntent(intent, certificate);
    const about = { origin, subjectPublicKeyInfo, profile, actual, period: { notBefore, notAfter }, now };
    await assertApproved(tx, about, authorization, approvalCredentials);
  }
  if (authorization.kind !== 'holder-signature' && authorization.kind !== 'holder-session') return;
  const replaced = await certificates.findReplaced(tx, intent.holder!);
  if (!replaced) throw new CaError('approval-differs', 'the certificate that it replaces is not there');
  const signedFor = { origin, subjectPublicKeyInfo, ...(replaces && { replaces }) };
  if (authorization.kind === 'holder-signature') assertHolderSigned(signedFor, replaced, authorization);
  else assertHolderSession(sources, signedFor, authorization);
  await assertNotHandedIn(tx, readyDigests, replaces!, replaced, authorization);
}
