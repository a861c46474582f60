import { parseCertificate, preparePublicKey } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { assembleSignature } from '../assemble-signature.ts';
import type { Assembled } from '../assemble-signature.ts';
import { displayDocument } from '../display/display-document.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import { endSession, endingOf, tellEnd } from '../sessions/end-session.ts';
import { shownOf } from '../sessions/read-documents.ts';
import { sealSignatureEvidence } from '../sessions/sealed-evidence.ts';
import { sealSignatures, unsealDocuments } from '../sessions/session-content.ts';
import { isOf } from '../sessions/session.ts';
import type { SessionHouse } from '../sessions/session-house.ts';
import type { Session, SessionDocument, SessionId, SessionOfHolder } from '../sessions/session.ts';
import { lifted } from '../sessions/session-level.ts';
import type { EndState, SessionState } from '../sessions/session-state.ts';
import type { Signing } from '../sessions/session-steps.ts';
import { SigningError } from '../signing-error.ts';
import { stepOn } from './answer-session.ts';
import type { Step, StepOutcome } from './answer-session.ts';
import type { Device } from './device-login.ts';

/**
 * Takes what the phone's key signed, one value for each document: verified against the documents that the service was given, as of
 * the time that it gave, while certificate and licence are good. Then evidence, signatures and event are durable together.
 *
 * Sent again, the same values are answered alike. Throws SigningError `session-state`, `code-not-confirmed`,
 * `device-signature-wrong` and `signature-replayed`; the last two end the session. Where a level is asked for, also what keeps it from
 * being reached: the session stays as it is, and the phone may send again.
 */
export async function signSession(
  house: SessionHouse,
  device: Device,
  id: SessionId,
  values: readonly Buffer[],
): Promise<Answer> {
  const prepared = await prepare(house, device, id, values);
  if (prepared && (await signAtOnce(house, prepared))) return { state: 'SIGNED' };
  return stepOn<Answer>(house, device, id, ['DISPLAYED', 'SIGNED'], (step) =>
    step.session.state === 'SIGNED'
      ? Promise.resolve(repeated(step.session, values))
      : complete(house, device, step, prepared),
  );
}

interface Answer {
  state: SessionState;
}

/** When nothing is wrong. False, and nothing is written, when something is: the slow way says what, and ends the session. */
async function signAtOnce(house: SessionHouse, prepared: Prepared): Promise<boolean> {
  const { session, credential } = prepared;
  const at = house.clock.now();
  if (faultOfCredential(credential, at)) return false;
  const event = endingOf(session, { state: 'SIGNED', at });
  if (!(await house.sessionSteps.trySign({ ...prepared, event }))) return false;
  house.audit.written(event);
  tellEnd(house, session);
  return true;
}

/** Whatever is wrong now ends the session. */
async function complete(
  house: SessionHouse,
  device: Device,
  { tx, session, now }: Step,
  prepared: Prepared | undefined,
): Promise<StepOutcome<Answer>> {
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
  const event = endingOf(session, { state: 'SIGNED', at: now });
  if (await house.sessionSteps.trySign({ ...prepared, credential, event }, tx)) {
    house.audit.written(event);
    return { answer: { state: 'SIGNED' }, ended: session };
  }
  const meanwhile = faultOfCredential((await house.credentials.current(tx, device))!, now);
  if (meanwhile) return end('CERT_REVOKED', meanwhile);
  return end(
    'ERROR',
    new SigningError(
      'signature-replayed',
      'such a signature was made before, or over a digest that was handed in',
    ),
  );
}

type Prepared = Omit<Signing, 'event'> & { session: Session };

/**
 * Verifies and seals before the transaction: neither is waited for under locks. Undefined when a value is not the key's over the
 * document. What it reads of the session does not change while it is DISPLAYED.
 */
async function prepare(
  house: SessionHouse,
  device: Device,
  id: SessionId,
  values: readonly Buffer[],
): Promise<Prepared | undefined> {
  const found = await house.sessions.ofHolder(id);
  if (found?.session.state !== 'DISPLAYED' || !isOf(found.session, device)) return undefined;
  const { session, credential } = found;
  const documents = await unsealDocuments(house.vault, session);
  const assembled = await assemble(house, found, documents, values);
  if (!assembled) return undefined;
  const signatures = assembled.map(({ signature }) => signature);
  const evidence = Buffer.from(
    JSON.stringify(evidenceOf(found, device, documents, signatures, house.clock.now())),
  );
  return {
    id,
    session,
    credential,
    answer: {
      answerSha256: answerHash(values),
      made: documents.map(({ sha256 }, index) => ({
        signatureSha256: digest('sha256', values[index]),
        documentSha256: sha256,
        ...(assembled[index].readyDigest && { readyDigest: assembled[index].readyDigest }),
      })),
      isHandedIn: session.format === 'raw',
      signatures: await sealSignatures(house.vault, id, signatures),
      evidence: {
        sha256: digest('sha256', evidence),
        content: await sealSignatureEvidence(house, id, evidence),
      },
    },
  };
}

/** Undefined when a value is not the key's over its document. */
async function assemble(
  house: SessionHouse,
  { session, credential: { certificate: der, authorityId } }: SessionOfHolder,
  documents: readonly SessionDocument[],
  values: readonly Buffer[],
): Promise<Assembled[] | undefined> {
  const { signingTime, format } = session;
  if (!signingTime || documents.length !== values.length) return undefined;
  const certificate = parseCertificate(der);
  await preparePublicKey(certificate);
  const chain = house.chainOf(authorityId);
  const made: Assembled[] = [];
  for (const [index, { sha256, signed }] of documents.entries()) {
    const facts = { format, certificate, chain, signingTime, documentSha256: sha256, ...signed };
    const one = assembleSignature(facts, values[index]);
    if (!one) return undefined;
    const content = 'content' in signed ? signed.content : undefined;
    made.push({ ...one, signature: await lifted(house.levelSources, session, one.signature, content) });
  }
  return made;
}

/** What happened, in words that stay readable without this program. */
function evidenceOf(
  { session, displayedName, patientView }: SessionOfHolder,
  device: Device,
  documents: readonly SessionDocument[],
  signatures: readonly Buffer[],
  answeredAt: Date,
) {
  const {
    id,
    format,
    level,
    verificationCode,
    signingTime,
    createdAt,
    deliveredAt,
    displayedAt,
    codeConfirmedAt,
  } = session;
  return {
    type: 'mohr-signature-evidence',
    session: id,
    relyingParty: { id: session.relyingPartyId, displayedName, patientView },
    certificate: {
      authority: device.authorityId,
      serialNumber: device.serialNumber.toString('hex'),
      sha256: device.certificateSha256.toString('hex'),
    },
    ...(session.pairing && { pairing: session.pairing }),
    verificationCode,
    format,
    level,
    times: { createdAt, deliveredAt, displayedAt, codeConfirmedAt, signingTime, answeredAt },
    displaySha256: session.displaySha256.toString('hex'),
    documents: documents.map((document, index) => ({
      sha256: document.sha256.toString('hex'),
      shown: displayDocument(shownOf(document), patientView),
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
