import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import type { TransactionRunner } from '../../core/transaction.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { CaError } from '../ca-error.ts';
import type { CertificateIssuer } from '../issue/certificate-issuer.ts';
import type { CertificateStore, IssuedCertificate } from '../issue/certificate-store.ts';
import { requiredProfile } from '../load-profiles.ts';
import type { Profiles } from '../load-profiles.ts';
import type { Purpose } from '../profile.ts';
import type { Answer, Asked, AskedIssuance, RequestQueue } from './asked-issuance.ts';
import { parseAskedIssuance } from './issuance-text.ts';

export interface AnsweringHouse {
  queue: RequestQueue;
  issuer: Pick<CertificateIssuer, 'prepare' | 'issue' | 'resume'>;
  certificates: CertificateStore;
  transactions: TransactionRunner;
  profiles: Profiles;
  /** Rejects when the key of a CA does not sign now. */
  assertSigns: (authorityId: string) => Promise<void>;
  clock: Clock;
  /** Told of what was not granted for a reason that lies here. */
  onFailure: (asked: Asked, error: unknown) => void;
}

/** Refusals of a key that may pass; other refusals would be the same again. */
const PASSING: ReadonlySet<unknown> = new Set(['key-unavailable', 'key-busy', 'database-unreachable']);

/**
 * What a registration authority may have certified for itself: its seal. Responders and time-stamping units are certified for
 * those whom an operator has enrolled at the CA; whoever holds the registration authority must not be able to tell statuses or the time.
 */
const SERVICE_PURPOSES: readonly Purpose[] = ['seal'];

/** Answers all open requests, one after the other; returns how many. Several may work at once, here and in other processes. */
export async function answerRequests(house: AnsweringHouse): Promise<number> {
  const { queue, clock } = house;
  for (let answered = 0; ; answered += 1)
    if (
      !(await queue.answerNext(
        (asked) => answerTo(house, asked),
        () => clock.now(),
      ))
    )
      return answered;
}

async function answerTo(house: AnsweringHouse, asked: Asked): Promise<Answer> {
  try {
    if (asked.kind === 'issue') await certify(house, asked);
    else await house.assertSigns(asked.authorityId);
    return { outcome: 'done' };
  } catch (error) {
    if (!(error instanceof CaError)) house.onFailure(asked, error);
    return refusalOf(error);
  }
}

/**
 * A crash between any two steps leaves the request open, and whoever takes it next completes the intent that there is, or finds
 * the certificate, before it issues.
 */
async function certify(
  { issuer, certificates, transactions, profiles }: AnsweringHouse,
  asked: Extract<Asked, { kind: 'issue' }>,
): Promise<IssuedCertificate> {
  const { request, actor } = parseAskedIssuance(asked.content);
  const spkiSha256 = digest('sha256', request.subjectPublicKeyInfo);
  if (!spkiSha256.equals(asked.spkiSha256) || request.origin !== asked.origin)
    throw new CaError('request-unreadable', 'a request does not hold what it says on the outside');
  assertMayAsk(request, profiles);
  await issuer.resume(
    actor,
    (intent) => intent.spkiSha256.equals(spkiSha256) && intent.origin === request.origin,
  );
  const standing = await transactions.transaction((tx) => certificates.findByKey(tx, spkiSha256));
  if (standing?.origin === request.origin) return standing;
  return issuer.issue(await issuer.prepare(request), actor);
}

function assertMayAsk({ authorization, profileId }: AskedIssuance['request'], profiles: Profiles): void {
  if (authorization?.kind !== 'service-exemption') return;
  if (SERVICE_PURPOSES.includes(requiredProfile(profiles, profileId).purpose)) return;
  throw new CaError(
    'authorization-missing',
    `nobody in another process has ${profileId} certified by asking`,
  );
}

function refusalOf(error: unknown): Answer {
  if (!(error instanceof DomainError))
    return { outcome: 'refused', code: 'internal-error', detail: 'the CA has met a fault', mayPass: true };
  const mayPass = !(error instanceof CaError) && PASSING.has(error.code);
  return { outcome: 'refused', code: String(error.code), detail: error.detail, mayPass };
}
