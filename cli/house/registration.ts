import type { Profiles } from '../../ca/load-profiles.ts';
import { SecretHasher } from '../../ra/self-service/secret-hash.ts';
import { KEY_STORES } from '../../ra/self-service/self-service-house.ts';
import type { KeyStoreKind } from '../../ra/self-service/self-service-house.ts';
import { caForRa } from '../ca-for-ra.ts';
import { caForRenewal } from '../ca-for-renewal.ts';
import { cardDesk } from '../cards/card-desk.ts';
import { ticketKey } from '../cards/ticket-key.ts';
import { startMessages } from '../messages/start-messages.ts';
import { officerCertifier } from '../officer-certifier.ts';
import { NO_REGISTERS } from '../registers/open-registers.ts';
import type { Certification } from './certification.ts';
import type { Ground } from './ground.ts';
import type { Statuses } from './statuses.ts';

/** The registration authority with its ports satisfied. */
export type Registration = ReturnType<typeof openRegistration>;

/** Wires the registration authority to the CAs. */
export function openRegistration(
  { options, stores, base, consoleUrl, vault, interrupted, watch, closers }: Ground,
  { hierarchy, standing, issuer, assertSigns, judgeAttestation }: Certification,
  { ocsp }: Statuses,
) {
  const { logger, registers = NO_REGISTERS, estReenrolment = false } = options;
  const caSide = {
    ...base,
    issuer,
    assertSigns,
    standing,
    authorities: hierarchy.issuing,
    status: { ...base },
    whenVisible: () => ocsp.follower.catchUp(),
    onInterrupted: (origin: string, error: unknown) => interrupted.note(origin, error),
  };
  const ca = caForRa(caSide);
  const offices = { ...base, officerCertifier: officerCertifier(caSide) };
  const papers = { ...base, vault };
  const outbox =
    options.messengers && startMessages({ ...papers, messengers: options.messengers }, logger, watch);
  if (outbox) closers.unshift(() => outbox.stop());
  const registration = {
    ...papers,
    issuer: ca,
    judgeAttestation,
    secrets: new SecretHasher(options.secretCost),
    registers: registers.registers,
    keyStoreOf: (profileId: string) => keyStoreOf(base.profiles, profileId),
    onQueued: () => outbox?.wake(),
  };
  return {
    ca,
    offices,
    papers,
    outbox,
    registration,
    licence: {
      ...base,
      holderStatus: ca,
      licenceMessages: registers.licenceMessages,
      onLicenceFailure: (err: unknown) => logger.error({ err }, 'a licence message cannot be applied yet'),
    },
    personalisation: {
      ...papers,
      holderStatus: ca,
      ...cardDesk({ hierarchy, profiles: base.profiles, consoleUrl, ticketSigner: ticketKey(options) }),
    },
    renewal: {
      ...registration,
      isRenewableOverTls: estReenrolment,
      holderStatus: ca,
      renewalIssuer: caForRenewal({ ca: caSide, forRa: ca, ...stores, certificates: hierarchy.certificates }),
    },
    selfService: { ...registration, holderStatus: ca, selfService: stores.selfService },
    statusChanges: { ...base, holderStatus: ca },
  };
}

function keyStoreOf(profiles: Profiles, profileId: string): KeyStoreKind | undefined {
  const storage = profiles.get(profileId)?.keyStorage;
  return KEY_STORES.find((known) => known === storage);
}
