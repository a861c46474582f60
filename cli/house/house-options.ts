import type { LeaderLock } from '../../ca/crl/leader-lock.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import type { Messengers } from '../../ra/messages/message.ts';
import type { SecretCost } from '../../ra/self-service/secret-hash.ts';
import type { CrlSettings } from '../crl-settings.ts';
import type { KeyStoreOptions } from '../key-store.ts';
import type { RegisterAccess } from '../registers/open-registers.ts';
import type { RevocationSettings } from '../revocation-settings.ts';
import type { PushAccess } from '../signing-house.ts';
import type { OcspOptions } from '../start-ocsp.ts';
import type { LogSettings } from '../transparency/log-settings.ts';
import type { LogOptions } from '../transparency/open-log.ts';
import type { TsaOptions } from '../tsa/open-tsa.ts';
import type { TsaSettings } from '../tsa/tsa-settings.ts';

/** What the rooms of a house are furnished from. */
export interface HouseOptions
  extends
    KeyStoreOptions,
    OcspOptions,
    Partial<CrlSettings>,
    Partial<RevocationSettings>,
    Partial<TsaSettings>,
    Pick<TsaOptions, 'monotonicMilliseconds'>,
    Partial<Pick<LogOptions, keyof LogSettings | 'witnesses' | 'onRolledBack'>> {
  opened: OpenedPool;
  crlLock: LeaderLock;
  publicUrl: string;
  /** Absent: what follows from the public URL. */
  consoleUrl?: string;
  dataDirectory: string;
  /** Absent: the default. */
  cardAgentUrl?: string;
  /** Absent: messages stay in the outbox. */
  messengers?: Messengers;
  /** Absent: no phone is woken. */
  push?: PushAccess;
  /** Networks beside the Internet that callbacks may lead to; absent: none. */
  callbackNetworks?: readonly string[];
  /** Absent: the default. */
  sessionsPerMinute?: number;
  /** Absent: nobody is asked, and so nothing can be approved. */
  registers?: RegisterAccess;
  /** Absent: no key counts as held by hardware. */
  attestationFile?: string;
  estReenrolment?: boolean;
  /** Absent: what is recommended. */
  secretCost?: SecretCost;
}
