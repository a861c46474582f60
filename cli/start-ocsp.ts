import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

import type { Clock } from '../core/clock.ts';
import { OcspResponder } from '../ocsp/responder.ts';
import type { ResponderCredential } from '../ocsp/responder-key.ts';
import { RevocationVisibility } from '../ocsp/revocation-visibility.ts';
import { StatusFollower } from '../ocsp/status-follower.ts';
import type { OcspStatusSource, SourcedStatusChange } from '../ocsp/status-source.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { KeyType } from '../pki/key-type.ts';
import type { OwnCertificate } from './certificate-expiries.ts';
import { FaultLog } from './fault-log.ts';
import { ocspMetrics } from './ocsp-metrics.ts';
import { openCredentials, withoutRevoked } from './open-credentials.ts';
import type { CredentialSources } from './open-credentials.ts';
import { prepareAnswers } from './prepare-answers.ts';
import { checkResponderSpeed } from './responder-speed.ts';
import type { MeasuredResponder } from './responder-speed.ts';

export interface RunningOcsp {
  responder: OcspResponder;
  follower: StatusFollower;
  /** How long revocations take to become visible here, and whether that is alarming. */
  visibility: RevocationVisibility;
  /** Takes over responder certificates that were issued or revoked meanwhile, between two answers. */
  reloadCredentials(): Promise<void>;
  /** Those that answers are signed with. */
  ownCertificates(): OwnCertificate[];
  close(): Promise<void>;
}

/** What the responder answers from, the same in the whole service and on a node of its own. */
export interface OcspSources extends CredentialSources {
  statuses: OcspStatusSource;
  authorities: readonly { id: string; certificate: Certificate }[];
}

export interface OcspOptions {
  clock: Clock;
  logger: Logger;
  /** Answers per second that each responder key has to hold; see `checkResponderSpeed`. */
  ocspPeak?: number | undefined;
  allowSlowKeys?: boolean | undefined;
  /** Preferred first; those of responder certificates that are of other types come after them. Default: P-256. */
  ocspKeyTypes?: readonly KeyType[] | undefined;
  /** Where the hot set is kept over restarts; absent: it is not. */
  dataDirectory?: string | undefined;
  /** Where its metrics go; absent: nowhere. */
  registry?: Registry | undefined;
}

/**
 * Loads every status and starts answering; resolves when the answers are current and those that are asked for most are
 * prepared. Throws DomainError `responder-too-slow` for a key that could not hold the configured peak.
 */
export async function startOcsp(options: OcspOptions, sources: OcspSources): Promise<RunningOcsp> {
  const { clock, logger, ocspPeak, allowSlowKeys, registry } = options;
  const speed = { logger, ocspPeak };
  const keyTypes = options.ocspKeyTypes ?? ['p-256'];
  const authorityIds = sources.authorities.map(({ id }) => id);
  const faults = new FaultLog(logger, clock, 'OCSP fault');
  const onFault = (error: unknown) =>
    error === undefined ? faults.recovered('statuses can be read again') : faults.tell(error);
  const metrics = registry && ocspMetrics(registry);
  const onSeconds = (seconds: number) => metrics?.onRevocationVisible(seconds);
  const visibility = new RevocationVisibility({ clock, onSeconds });
  // Everything below that hears of changes is made after the follower: what it loads is nothing new to anybody.
  let onChanges: (changes: readonly SourcedStatusChange[]) => void = () => undefined;
  const onVisible = (changes: readonly SourcedStatusChange[]) => {
    visibility.observe(changes);
    onChanges(changes);
  };
  const source = sources.statuses;
  const follower = await StatusFollower.load({ source, authorityIds, clock, onFault, onVisible });
  visibility.watch(follower);
  let credentials = await openCredentials(sources, follower, authorityIds, { keyTypes });
  const measured = signersOf(credentials);
  const speeds = await checkResponderSpeed(measured, { ...speed, allowSlowKeys });
  const answers = await prepareAnswers({ ...options, speeds, onFault }, (onAsked) => {
    const authorities = sources.authorities.map(({ id, certificate }) => ({
      id,
      issuerCertificates: [certificate] as const,
      credentials: credentials.get(id) ?? [],
    }));
    return new OcspResponder({ authorities, status: follower, clock, onFault, onAsked });
  });
  const { responder, hotSet } = answers;
  const indexes = () => authorityIds.map((id) => follower.indexOf(id));
  metrics?.watch({ visibility, indexes, hotAnswers: () => hotSet.size });
  const use = (replacement: typeof credentials) => {
    credentials = replacement;
    for (const [id, ofAuthority] of credentials) responder.useCredentials(id, ofAuthority);
  };
  const reloadCredentials = async () => {
    const reloaded = await openCredentials(sources, follower, authorityIds, {
      keyTypes,
      onUnopened: onFault,
    });
    // One may have been revoked while the others were opened.
    use(withoutRevoked(reloaded, follower));
    const unmeasured = signersOf(credentials).filter((one) =>
      measured.every(({ signer }) => signer !== one.signer),
    );
    measured.push(...unmeasured);
    // A slow one is logged and kept: what it replaces is about to end.
    await checkResponderSpeed(unmeasured, { ...speed, allowSlowKeys: true });
  };
  onChanges = (changes) => {
    answers.changed(changes);
    if (concernsOneOf(credentials, changes)) use(withoutRevoked(credentials, follower));
  };
  const stopped = new AbortController();
  const following = follower.follow(stopped.signal);
  return {
    responder,
    follower,
    visibility,
    reloadCredentials,
    ownCertificates: () =>
      [...credentials].flatMap(([name, ofAuthority]) =>
        ofAuthority.map(({ certificate }) => ({ kind: 'ocsp-responder' as const, name, certificate })),
      ),
    close: async () => {
      stopped.abort();
      await following;
      await answers.close();
    },
  };
}

/** Whether a change is of a responder certificate itself: one that is blocked signs nothing more. */
function concernsOneOf(
  credentials: ReadonlyMap<string, readonly ResponderCredential[]>,
  changes: readonly SourcedStatusChange[],
): boolean {
  return changes.some(({ authorityId, serialNumber, event }) => {
    if (event === 'issued') return false;
    const ofAuthority = credentials.get(authorityId) ?? [];
    return ofAuthority.some(({ certificate }) => certificate.serialNumber.equals(serialNumber));
  });
}

function signersOf(credentials: ReadonlyMap<string, readonly ResponderCredential[]>): MeasuredResponder[] {
  return [...credentials].flatMap(([authorityId, ofAuthority]) =>
    ofAuthority.map(({ signer }) => ({ authorityId, signer })),
  );
}
