import type { Logger } from 'pino';

import type { Clock } from '../core/clock.ts';
import { OcspResponder } from '../ocsp/responder.ts';
import type { ResponderCredential } from '../ocsp/responder-key.ts';
import { StatusFollower } from '../ocsp/status-follower.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { KeyStore } from './key-store.ts';
import type { Hierarchy } from './open-authorities.ts';
import { checkResponderSpeed } from './responder-speed.ts';
import type { MeasuredResponder } from './responder-speed.ts';
import type { Stores } from './stores.ts';

export interface RunningOcsp {
  responder: OcspResponder;
  follower: StatusFollower;
  /** Takes over responder certificates that were issued meanwhile, between two answers. */
  reloadCredentials(): Promise<void>;
  close(): Promise<void>;
}

export interface OcspOptions {
  clock: Clock;
  logger: Logger;
  /** Answers per second that each responder key has to hold; see `checkResponderSpeed`. */
  ocspPeak?: number | undefined;
  allowSlowKeys?: boolean | undefined;
}

/**
 * Loads every status and starts answering; resolves when the answers are current. Throws DomainError `responder-too-slow` for a
 * key that could not hold the configured peak.
 */
export async function startOcsp(
  { clock, logger, ocspPeak, allowSlowKeys }: OcspOptions,
  stores: Stores,
  hierarchy: Hierarchy,
  keys: KeyStore,
): Promise<RunningOcsp> {
  const speed = { logger, ocspPeak };
  const credentials = await openCredentials(stores, keys, clock);
  const measured = signersOf(credentials);
  await checkResponderSpeed(measured, { ...speed, allowSlowKeys });
  const authorityIds = [...hierarchy.issuing.keys()];
  const onFault = (error: unknown) => void (error && logger.error({ err: error }, 'OCSP fault'));
  const follower = await StatusFollower.load({ source: stores.ocspStatuses, authorityIds, clock, onFault });
  const authorities = [...hierarchy.issuing.values()].map(({ id, certificate }) => ({
    id,
    issuerCertificates: [certificate] as const,
    credentials: credentials.get(id) ?? [],
  }));
  const responder = new OcspResponder({ authorities, status: follower, clock, onFault });
  const stopped = new AbortController();
  const following = follower.follow(stopped.signal);
  return {
    responder,
    follower,
    reloadCredentials: async () => {
      const reloaded = await openCredentials(stores, keys, clock);
      for (const [id, newest] of reloaded) responder.useCredentials(id, newest);
      const unmeasured = signersOf(reloaded).filter((one) =>
        measured.every(({ signer }) => signer !== one.signer),
      );
      measured.push(...unmeasured);
      // A slow one is logged and kept: what it replaces is about to end.
      await checkResponderSpeed(unmeasured, { ...speed, allowSlowKeys: true });
    },
    close: async () => {
      stopped.abort();
      await following;
    },
  };
}

function signersOf(credentials: ReadonlyMap<string, readonly ResponderCredential[]>): MeasuredResponder[] {
  return [...credentials].flatMap(([authorityId, ofAuthority]) =>
    ofAuthority.map(({ signer }) => ({ authorityId, signer })),
  );
}

/** Responder keys of each authority, the newest certificate first. */
async function openCredentials(
  stores: Stores,
  keys: KeyStore,
  clock: Clock,
): Promise<Map<string, ResponderCredential[]>> {
  const records = await stores.database.transaction((tx) =>
    stores.authorities.listResponders(tx, clock.now()),
  );
  const credentials = new Map<string, ResponderCredential[]>();
  for (const { authorityId, certificate, keyReference } of records) {
    const one = { signer: await keys.openSigner(keyReference), certificate: parseCertificate(certificate) };
    credentials.set(authorityId, [...(credentials.get(authorityId) ?? []), one]);
  }
  return credentials;
}
