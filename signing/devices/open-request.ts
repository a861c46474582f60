import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import { endSession, isOverdue, settleOverdue, tellEnd } from '../sessions/end-session.ts';
import { unsealDocuments } from '../sessions/session-content.ts';
import { deviceTopic } from '../sessions/session-bell.ts';
import type { Session, SessionDocument, SessionHouse, SessionWithContent } from '../sessions/session.ts';
import type { PatientView } from '../display/display-line.ts';
import type { RelyingPartyHouse } from '../relying-parties/relying-party.ts';
import type { Device } from './device-login.ts';

/** What a phone has to show and to sign. */
export interface OpenRequest {
  session: Session;
  /** Who asks, as the CA calls them. */
  displayedName: string;
  patientView: PatientView;
  documents: SessionDocument[];
  certificate: Certificate;
  chain: readonly Certificate[];
}

export type DeviceSessionHouse = SessionHouse & Pick<RelyingPartyHouse, 'relyingParties'>;

/** The request that waits for a phone, as soon as there is one, or undefined after so long; fetched, it counts as delivered. */
export async function openRequest(
  house: DeviceSessionHouse,
  device: Device,
  { waitMilliseconds = 0, signal }: { waitMilliseconds?: number; signal?: AbortSignal } = {},
): Promise<OpenRequest | undefined> {
  const topic = deviceTopic(device.certificateSha256);
  const found = await house.bell.waitFor(topic, waitMilliseconds, () => living(house, device), signal);
  return found && deliver(house, device, found);
}

/** Id of a request that waits for a phone, other than the last one it was told of; undefined after so long. */
export function nextRequestId(
  house: SessionHouse,
  device: Device,
  told: string | undefined,
  waitMilliseconds: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const topic = deviceTopic(device.certificateSha256);
  const read = async () => {
    const id = (await living(house, device))?.id;
    return id === told ? undefined : id;
  };
  return house.bell.waitFor(topic, waitMilliseconds, read, signal);
}

async function living(house: SessionHouse, device: Device): Promise<SessionWithContent | undefined> {
  const session = await house.sessions.openOf(device);
  if (!session || !isOverdue(session, house.clock.now())) return session;
  await settleOverdue(house, session.id);
  return undefined;
}

async function deliver(
  house: DeviceSessionHouse,
  device: Device,
  found: SessionWithContent,
): Promise<OpenRequest | undefined> {
  const documents = await unsealDocuments(house.vault, found);
  const party = await house.relyingParties.terms(found.relyingPartyId);
  const outcome = await house.transactions.transaction(async (tx) => {
    const credential = await house.credentials.current(tx, device);
    const session = await house.sessions.lock(tx, found.id);
    const now = house.clock.now();
    if (!session || !credential || session.endedAt || isOverdue(session, now)) return undefined;
    const fault = faultOfCredential(credential, now);
    if (fault) {
      await endSession(house, tx, session, { state: 'CERT_REVOKED', at: now, failure: fault.code });
      return { ended: session };
    }
    if (session.state !== 'CREATED') return { session, credential };
    await house.sessions.delivered(tx, session.id, now);
    return { session: { ...session, state: 'DELIVERED' as const, deliveredAt: now }, credential };
  });
  if (outcome?.ended) tellEnd(house, outcome.ended);
  if (!outcome?.session || !party) return undefined;
  const { session, credential } = outcome;
  return {
    session,
    displayedName: party.displayedName,
    patientView: party.patientView,
    documents,
    certificate: parseCertificate(credential.certificate),
    chain: house.chainOf(device.authorityId),
  };
}
