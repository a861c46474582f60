import { parseCertificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { assembleSignature } from '../assemble-signature.ts';
import { displayDocument } from '../display/display-document.ts';
import type { RelyingParty } from '../relying-parties/relying-party.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import { endSession } from '../sessions/end-session.ts';
import { shownOf } from '../sessions/read-documents.ts';
import { evidenceName } from '../sessions/read-evidence.ts';
import { sealSignatures, unsealDocuments } from '../sessions/session-content.ts';
import { isOf } from '../sessions/session.ts';
import type { MadeSignature, Session, SessionDocument, SessionId } from '../sessions/session.ts';
import type { EndState, SessionState } from '../sessions/session-state.ts';
import { SigningError } from '../signing-error.ts';
import { stepOn } from './answer-session.ts';
import type { Step, StepOutcome } from './answer-session.ts';
import type { Device } from './device-login.ts';
import type { DeviceSessionHouse } from './open-request.ts';

/**
 * Takes what the phone's key signed, one value for each document: verified against the documents that the service was given, as of
 * the time that it gave, while certificate and licence are good. Then evidence, signatures and event are durable together.
 *
 * Sent again, the same values are answered alike. Throws SigningError `session-state`, `code-not-confirmed`,
 * `device-signature-wrong` and `signature-replayed`; the last two end the session.
 */
export async function signSession(
  house: DeviceSessionHouse,
  device: Device,
  id: SessionId,
  values: readonly Buffer[],
): Promise<Answer> {
  const prepared = await prepare(house, device, id, values);
  return stepOn<Answer>(house, device, id, ['DISPLAYED', 'SIGNED'], (step) =>
    step.session.state === 'SIGNED'
      ? Promise.resolve(repeated(step.session, values))
      : complete(house, device, step, prepared),
  );
}

interface Answer {
  state: SessionState;
}

/** Whatever is wrong now ends the session. */
async function complete(
  house: DeviceSessionHouse,
  device: Device,
  step: Step,
  prepared: Prepared | undefined,
): Promise<StepOutcome<Answer>> {
  const { tx, session, now } = step;
  if (!session.codeConfirmedAt)
    throw new SigningError('code-not-confirmed', 'the code comes before the signature');
  const end = async (state: EndState, refusal: SigningError) => {
    await endSession(house, tx, session, { state, at: now, failure: refusal.code });
    return { refusal, ended: session };
  };
  const credential = await house.credentials.current(tx, device);
  if (!credential) throw new Error('a login without its certificate');
  const fault = faultOfCredential(credential, now);
  if (fault) return end('CERT_REVOKED', fault);
  if (!prepared)
    return end(
      'ERROR',
      new SigningError('device-signature-wrong', 'the key did not sign the documents of this request'),
    );
  if (!(await house.sessions.insertSignatures(tx, session.id, prepared.made)))
    return end('ERROR', new SigningError('signature-replayed', 'such a signature was made before'));
  if (credential.pinFailures > 0) await house.sessions.forgetPinFailures(tx, device);
  await finish(house, step, prepared);
  return { answer: { state: 'SIGNED' }, ended: session };
}

interface Prepared {
  answerSha256: Buffer;
  made: MadeSignature[];
  signatures: Awaited<ReturnType<typeof sealSignatures>>;
  evidence: { sha256: Buffer; content: Awaited<ReturnType<typeof sealSignatures>> };
}

/**
 * Verifies and seals before the transaction: neither is waited for under locks. Undefined when a value is not the key's over the
 * document. What it reads of the session does not change while it is DISPLAYED.
 */
async function prepare(
  house: DeviceSessionHouse,
  device: Device,
  id: SessionId,
  values: readonly Buffer[],
): Promise<Prepared | undefined> {
  const session = await house.sessions.find(id);
  if (session?.state !== 'DISPLAYED' || !session.signingTime) return undefined;
  const { signingTime } = session;
  if (!isOf(session, device)) return undefined;
  const certificate = parseCertificate(device.certificate);
  const documents = await unsealDocuments(house.vault, session);
  if (documents.length !== values.length) return undefined;
  const chain = house.chainOf(device.authorityId);
  const signatures: Buffer[] = [];
  for (const [index, { sha256, signed }] of documents.entries()) {
    const facts = { format: session.format, certificate, chain, signingTime, documentSha256: sha256 };
    const content = 'content' in signed ? signed : {};
    const signature = assembleSignature({ ...facts, ...content }, values[index]);
    if (!signature) return undefined;
    signatures.push(signature);
  }
  const party = await house.relyingParties.terms(session.relyingPartyId);
  const evidence = Buffer.from(
    JSON.stringify(evidenceOf(session, device, party!, documents, signatures, house.clock.now())),
  );
  return {
    answerSha256: answerHash(values),
    made: documents.map(({ sha256 }, index) => ({
      signatureSha256: digest('sha256', values[index]),
      documentSha256: sha256,
    })),
    signatures: await sealSignatures(house.vault, id, signatures),
    evidence: {
      sha256: digest('sha256', evidence),
      content: await house.vault.seal(evidenceName(id), evidence),
    },
  };
}

async function finish(
  house: DeviceSessionHouse,
  { tx, session, now }: Step,
  { answerSha256, evidence, signatures }: Prepared,
): Promise<void> {
  const { id } = session;
  await endSession(house, tx, session, {
    state: 'SIGNED',
    at: now,
    signed: { answerSha256, content: signatures },
  });
  await house.sessions.insertEvidence(tx, { sessionId: id, ...evidence, recordedAt: now });
}

/** What happened, in words that stay readable without this program. */
function evidenceOf(
  session: Session,
  device: Device,
  party: RelyingParty,
  documents: readonly SessionDocument[],
  signatures: readonly Buffer[],
  answeredAt: Date,
) {
  const { id, format, verificationCode, signingTime, createdAt, deliveredAt, displayedAt, codeConfirmedAt } =
    session;
  return {
    type: 'mohr-signature-evidence',
    session: id,
    relyingParty: { id: party.id, displayedName: party.displayedName, patientView: party.patientView },
    certificate: {
      authority: device.authorityId,
      serialNumber: device.serialNumber.toString('hex'),
      sha256: device.certificateSha256.toString('hex'),
    },
    ...(session.pairing && { pairing: session.pairing }),
    verificationCode,
    format,
    times: { createdAt, deliveredAt, displayedAt, codeConfirmedAt, signingTime, answeredAt },
    displaySha256: session.displaySha256.toString('hex'),
    documents: documents.map((document, index) => ({
      sha256: document.sha256.toString('hex'),
      shown: displayDocument(shownOf(document), party.patientView),
      signature: signatures[index].toString('base64'),
    })),
  };
}

function repeated(session: Session, values: readonly Buffer[]): StepOutcome<Answer> {
  if (session.answerSha256?.equals(answerHash(values))) return { answer: { state: session.state } };
  throw new SigningError('session-state', 'the request cannot be answered so: it is SIGNED');
}

/** Values have one length each for a key; their number is that of the documents. */
function answerHash(values: readonly Buffer[]): Buffer {
  return digest('sha256', ...values.map((value) => digest('sha256', value)));
}
