import type { Certificate } from '../../pki/certificate.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import { endSession, isOverdue, settleOverdue, tellEnd } from '../sessions/end-session.ts';
import { unsealDocuments } from '../sessions/session-content.ts';
import { deviceTopic } from '../sessions/session-bell.ts';
import type { SessionHouse } from '../sessions/session-house.ts';
import type {
  Session,
  SessionDocument,
  SessionId,
  SessionOfHolder,
  SessionWithContent,
} from '../sessions/session.ts';
import type { PatientView } from '../display/display-line.ts';
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

/** The request that waits for a phone, as soon as there is one, or undefined after so long; fetched, it counts as delivered. */
export async function openRequest(
  house: SessionHouse,
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
    const id = (await living(house, device))?.session.id;
    return id === told ? undefined : id;
  };
  return house.bell.waitFor(topic, waitMilliseconds, read, signal);
}

async function living(house: SessionHouse, device: Device): Promise<SessionOfHolder | undefined> {
  const found = await house.sessions.openOf(device);
  if (!found || !isOverdue(found.session, house.clock.now())) return found;
  await settleOverdue(house, found.session.id);
  return undefined;
}

async function deliver(
  house: SessionHouse,
  device: Device,
  found: SessionOfHolder,
): Promise<OpenRequest | undefined> {
  const { credential } = found;
  const now = house.clock.now();
  const fault = faultOfCredential(credential, now);
  if (fault) return endUndelivered(house, found.session.id, fault.code);
  const session = await delivered(house, found.session, now);
  return (
    session && {
      session,
      displayedName: found.displayedName,
      patientView: found.patientView,
      documents: await unsealDocuments(house.vault, session),
      certificate: parseCertificate(credential.certificate),
      chain: house.chainOf(device.authorityId),
    }
  );
}

/** The session as it is once the phone has it; undefined when it has ended meanwhile. */
async function delivered(
  { sessions, sessionSteps }: SessionHouse,
  session: SessionWithContent,
  now: Date,
): Promise<SessionWithContent | undefined> {
  if (session.state !== 'CREATED') return session;
  if (await sessionSteps.tryDeliver(session.id, now))
    return { ...session, state: 'DELIVERED', deliveredAt: now };
  const meanwhile = await sessions.find(session.id);
  return meanwhile && !meanwhile.endedAt && meanwhile.state !== 'CREATED' ? meanwhile : undefined;
}

/** The phone is not even shown it. */
async function endUndelivered(house: SessionHouse, id: SessionId, failure: string): Promise<undefined> {
  const ended = await house.transactions.transaction(async (tx) => {
    const session = await house.sessions.lock(tx, id);
    if (!session || session.endedAt) return undefined;
    await endSession(house, tx, session, { state: 'CERT_REVOKED', at: house.clock.now(), failure });
    return session;
  });
  if (ended) tellEnd(house, ended);
  return undefined;
}
