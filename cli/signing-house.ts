import type { Logger } from 'pino';

import type { SigningServices } from '../api/signing-services.ts';
import type { Pulse } from '../ca/crl/pulse.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { Clock } from '../core/clock.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { SESSION_CHANNEL, notifySessions, topicsOf } from '../db/pg-session-notifier.ts';
import { openHttpCallbackSender } from '../messages/http-callback.ts';
import { sendCallbacks } from '../signing/callbacks/send-callbacks.ts';
import { signServiceToken } from '../signing/callbacks/service-token.ts';
import { sendPushes } from '../signing/push/send-pushes.ts';
import type { PushSender } from '../signing/push/send-pushes.ts';
import { VapidTokens } from '../signing/push/vapid-tokens.ts';
import { settleAllOverdue } from '../signing/sessions/end-session.ts';
import { RESULT_SECONDS } from '../signing/sessions/session.ts';
import { pruneSignatureEvidence } from '../signing/sessions/prune-evidence.ts';
import type { LevelSources } from '../signing/sessions/session-level.ts';
import { SessionBell } from '../signing/sessions/session-bell.ts';
import type { Vault } from '../signing/sealed-content.ts';
import { chainBelowRoot } from './chain-below-root.ts';
import type { KeyStore } from './key-store.ts';
import type { Hierarchy } from './open-authorities.ts';
import { pushKeysOf } from './push/push-keys.ts';
import { ServiceKeys } from './service-keys.ts';
import { SESSION_SETTINGS } from './session-settings.ts';
import { startPulse } from './start-pulse.ts';
import type { Stores } from './stores.ts';
import type { JobName, WatchJob } from './watched-jobs.ts';

export interface SigningOptions {
  opened: OpenedPool;
  stores: Stores;
  keys: KeyStore;
  hierarchy: Hierarchy;
  profiles: Profiles;
  vault: Vault;
  /** Where time stamps and validation material come from. */
  augmentation: LevelSources;
  publicUrl: string;
  consoleUrl: string;
  /** Absent: no phone is woken. */
  push?: PushAccess;
  /** Networks beside the Internet that callbacks may lead to; absent: none. */
  callbackNetworks?: readonly string[];
  /** Absent: the default. */
  sessionsPerMinute?: number;
  clock: Clock;
  logger: Logger;
  watch: WatchJob;
}

/** How phones are woken. */
export interface PushAccess {
  sender: PushSender;
  /** Push services that may be called. */
  hosts: readonly string[];
  /** Absent: the console's address. */
  contact?: string;
}

/** Sessions that nobody asks about end so late at most after their time. */
const OVERDUE_MILLISECONDS = 2_000;
/** What another process has queued, or is due again. */
const CALLBACK_MILLISECONDS = 3_000;
/** What another process has queued, or is due again. */
const PUSH_MILLISECONDS = 2_000;
const PRUNING_MILLISECONDS = 600_000;

/** Wires signature sessions: phones, relying parties, callbacks. */
export async function openSigning(
  options: SigningOptions,
): Promise<{ services: SigningServices; stop(): Promise<void> }> {
  const { opened, stores, hierarchy, vault, publicUrl, clock, logger } = options;
  const { mayHaveReplicas } = opened;
  const notify = (topics: readonly string[]) =>
    notifySessions(stores.database, topics).catch((err: unknown) =>
      logger.warn({ err }, 'other processes could not be told of sessions'),
    );
  const bell = new SessionBell(mayHaveReplicas ? notify : undefined);
  if (mayHaveReplicas) await opened.listen(SESSION_CHANNEL, (payload) => bell.hear(topicsOf(payload)));
  const serviceKeys = new ServiceKeys(options, 'callbacks');
  const base = {
    ...stores,
    transactions: stores.database,
    vault,
    clock,
    phoneProfiles: phoneProfilesOf(options),
  };
  const callbacks = pulse(
    CALLBACK_MILLISECONDS,
    { ...options, job: 'callbacks', fault: 'callbacks cannot be sent' },
    () =>
      sendCallbacks({
        ...base,
        sender: openHttpCallbackSender({ networks: options.callbackNetworks ?? [] }),
        signToken: async (claims) => {
          const { signer, kid } = await serviceKeys.current();
          return signServiceToken(signer, kid, { iss: publicUrl, ...claims });
        },
        onCallbackFailure: (err, callback) => logger.warn({ err, ...callback }, 'a callback was not taken'),
      }),
  );
  const { push } = options;
  const pushKeys = pushKeysOf(new ServiceKeys(options, 'push'));
  const vapidTokens = new VapidTokens(push?.contact ?? options.consoleUrl, clock);
  const pushing =
    push &&
    pulse(PUSH_MILLISECONDS, { ...options, job: 'push', fault: 'phones cannot be woken' }, () =>
      sendPushes({
        ...base,
        pushKeys,
        vapidTokens,
        pushSender: push.sender,
        onPushRefused: ({ sessionId }) => logger.warn({ sessionId }, 'a push service refused a message'),
      }),
    );
  const sessions = {
    ...base,
    bell,
    chainOf: (authorityId: string) => chainBelowRoot(hierarchy, authorityId),
    onCallback: () => callbacks.wake(),
    onPush: () => pushing?.wake(),
    levelSources: options.augmentation,
  };
  const overdue = pulse(
    OVERDUE_MILLISECONDS,
    { ...options, job: 'sessions', fault: 'sessions cannot be ended' },
    () => settleAllOverdue(sessions),
  );
  const pruning = pulse(
    PRUNING_MILLISECONDS,
    { ...options, job: 'session-pruning', fault: 'old sessions cannot be forgotten' },
    async () => {
      const now = clock.now();
      await stores.sessions.prune(new Date(now.getTime() - RESULT_SECONDS * 1000));
      await stores.relyingParties.prune(now);
      await stores.devices.prune(now);
      await stores.pushes.prune(now);
      await pruneSignatureEvidence(base);
    },
  );
  const services: SigningServices = {
    relyingParties: { ...base, tokenUrl: `${publicUrl}/api/v1/oauth/token` },
    sessions,
    sessionsPerMinute: options.sessionsPerMinute ?? Number(SESSION_SETTINGS.sessionsPerMinute.fallback),
    devices: base,
    subscriptions: { ...base, pushKeys, pushHosts: push?.hosts ?? [] },
    serviceKeys: () => serviceKeys.publicKeys(),
  };
  const stop = async () => {
    bell.close();
    const pulses = [callbacks, overdue, pruning, ...(pushing ? [pushing] : [])];
    await Promise.all(pulses.map((one) => one.stop()));
  };
  return { services, stop };
}

function pulse(
  intervalMilliseconds: number,
  { job, fault, logger, watch }: Pick<SigningOptions, 'logger' | 'watch'> & { job: JobName; fault: string },
  work: () => Promise<unknown>,
): Pulse {
  return startPulse(intervalMilliseconds, () =>
    watch(job, work()).catch((err: unknown) => logger.error({ err }, fault)),
  );
}

function phoneProfilesOf({ profiles }: SigningOptions): string[] {
  return [...profiles.values()]
    .filter(({ keyStorage, purpose }) => keyStorage === 'phone' && purpose === 'signing')
    .map(({ id }) => id);
}
