import { calculateJwkThumbprint } from 'jose';
import type { Logger } from 'pino';

import type { SigningServices } from '../api/signing-services.ts';
import { Pulse } from '../ca/crl/pulse.ts';
import type { Profiles } from '../ca/load-profiles.ts';
import type { Clock } from '../core/clock.ts';
import type { OpenedPool } from '../db/open-embedded.ts';
import { SESSION_CHANNEL, notifySessions, topicsOf } from '../db/pg-session-notifier.ts';
import { httpCallbackSender } from '../messages/http-callback.ts';
import type { Signer } from '../keys/signer.ts';
import { importPublicKey } from '../pki/public-key.ts';
import { sendCallbacks } from '../signing/callbacks/send-callbacks.ts';
import { signServiceToken } from '../signing/callbacks/service-token.ts';
import { settleAllOverdue } from '../signing/sessions/end-session.ts';
import { RESULT_SECONDS } from '../signing/sessions/session.ts';
import { SessionBell } from '../signing/sessions/session-bell.ts';
import type { Vault } from '../signing/sealed-content.ts';
import { chainBelowRoot } from './chain-below-root.ts';
import type { KeyStore } from './key-store.ts';
import type { Hierarchy } from './open-authorities.ts';
import type { Stores } from './stores.ts';

export interface SigningOptions {
  opened: OpenedPool;
  stores: Stores;
  keys: KeyStore;
  hierarchy: Hierarchy;
  profiles: Profiles;
  vault: Vault;
  publicUrl: string;
  clock: Clock;
  logger: Logger;
}

/** Sessions that nobody asks about end so late at most after their time. */
const OVERDUE_MILLISECONDS = 2_000;
/** What another process has queued, or is due again. */
const CALLBACK_MILLISECONDS = 3_000;
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
  const serviceKey = serviceKeyOf(options);
  const base = {
    ...stores,
    transactions: stores.database,
    vault,
    clock,
    phoneProfiles: phoneProfilesOf(options),
  };
  const callbacks = pulse(CALLBACK_MILLISECONDS, logger, 'callbacks cannot be sent', () =>
    sendCallbacks({
      ...base,
      sender: httpCallbackSender,
      signToken: async (claims) => {
        const { signer, kid } = await serviceKey();
        return signServiceToken(signer, kid, { iss: publicUrl, ...claims });
      },
      onCallbackFailure: (err, callback) => logger.warn({ err, ...callback }, 'a callback was not taken'),
    }),
  );
  const sessions = {
    ...base,
    bell,
    chainOf: (authorityId: string) => chainBelowRoot(hierarchy, authorityId),
    onCallback: () => callbacks.wake(),
  };
  const overdue = pulse(OVERDUE_MILLISECONDS, logger, 'sessions cannot be ended', () =>
    settleAllOverdue(sessions),
  );
  const pruning = pulse(PRUNING_MILLISECONDS, logger, 'old sessions cannot be forgotten', async () => {
    const now = clock.now();
    await stores.sessions.prune(new Date(now.getTime() - RESULT_SECONDS * 1000));
    await stores.relyingParties.prune(now);
    await stores.devices.prune(now);
  });
  const services: SigningServices = {
    relyingParties: { ...base, tokenUrl: `${publicUrl}/api/v1/oauth/token` },
    sessions,
    devices: base,
    serviceKeys: async () => {
      await serviceKey();
      return (await stores.serviceKeys.list()).map(({ jwk }) => jwk);
    },
  };
  const stop = async () => {
    bell.close();
    await Promise.all([callbacks, overdue, pruning].map((one) => one.stop()));
  };
  return { services, stop };
}

function pulse(
  intervalMilliseconds: number,
  logger: Logger,
  fault: string,
  work: () => Promise<unknown>,
): Pulse {
  const started = new Pulse({
    intervalMilliseconds,
    work: () => work().catch((err: unknown) => logger.error({ err }, fault)),
  });
  started.wake();
  return started;
}

function phoneProfilesOf({ profiles }: SigningOptions): string[] {
  return [...profiles.values()]
    .filter(({ keyStorage, purpose }) => keyStorage === 'phone' && purpose === 'signing')
    .map(({ id }) => id);
}

/** The key of this data directory, made when it is first needed and known to all by its public half. */
function serviceKeyOf({
  stores,
  keys,
  clock,
  logger,
}: SigningOptions): () => Promise<{ signer: Signer; kid: string }> {
  const open = async () => {
    const here = new Set(await keys.listFiles());
    const known = (await stores.serviceKeys.list()).findLast(
      ({ keyReference }) => here.has(keyReference) || keyReference.startsWith('pkcs11:'),
    );
    if (known) return { signer: await keys.openSigner(known.keyReference), kid: known.kid };
    const keyReference = await keys.create('service', 'p-256');
    const signer = await keys.openSigner(keyReference);
    const jwk = importPublicKey(signer.subjectPublicKeyInfo).export({ format: 'jwk' });
    const kid = await calculateJwkThumbprint(jwk);
    const key = { kid, jwk: { ...jwk, kid, alg: 'ES256', use: 'sig' }, keyReference, addedAt: clock.now() };
    await stores.database.transaction((tx) => stores.serviceKeys.insert(tx, key));
    logger.info({ kid }, 'made a key that callbacks are signed with');
    return { signer, kid };
  };
  let opening: ReturnType<typeof open> | undefined;
  return () => {
    opening ??= open();
    // A failure is not kept.
    opening.catch(() => (opening = undefined));
    return opening;
  };
}
