import { DomainError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { attestedSubject } from '../../pki/attestation/key-attestation.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { parseRenewalDocument } from '../../pki/renewal/renewal-document.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import {
  attestationOf,
  keepAttestation,
  prepareAttestation,
  verdictDetails,
} from '../enrolment/shown-attestation.ts';
import type { AttestedKey, PreparedAttestation, ShownAttestation } from '../enrolment/shown-attestation.ts';
import type { Holder } from '../holders/holder.ts';
import { assertLicenceActive } from '../licence/assert-licence-active.ts';
import { RaError } from '../ra-error.ts';
import { askRegisters } from '../registers/ask-registers.ts';
import type { Claims } from '../registers/ask-registers.ts';
import { RENEWAL_ACTOR, renewalOrigin } from './renewal.ts';
import { renewableFrom } from './renewal-window.ts';
import type { Renewal, RenewalHouse, RenewalOutcome } from './renewal.ts';
import { signedByHolder } from './signed-by-holder.ts';

/** After that the person is seen again. */
const IN_PERSON_YEARS = 6;

/**
 * Renews a certificate by the signature of the one that still stands: no officer is needed, for the holder's own word is stronger
 * than an officer's of them. Everything else is asked as at the counter: the licence, the registers, whose the mobile number is, and
 * whether the person was seen within six years. The same signature sent again is answered with what came of it.
 */
export async function renewCertificate(
  house: RenewalHouse,
  signature: Buffer,
  shown?: ShownAttestation,
): Promise<RenewalOutcome> {
  const { content, signedWith } = await signedByHolder(house, signature);
  const document = parseRenewalDocument(content);
  const { authorityId, serialNumber } = signedWith;
  const named = document.certificate;
  if (named.authority !== authorityId || named.serialNumber !== serialNumber.toString('hex'))
    throw new RaError('renewal-signature-wrong', 'the certificate that signed is not the one to be renewed');
  const request = parseCertificationRequest(Buffer.from(document.certificationRequest, 'base64'));
  const { subjectPublicKeyInfo } = request;
  return renewWith(house, signedWith, { document: content, signature, subjectPublicKeyInfo }, shown);
}

/** What is asked for, and with what; the key is of the document's request, and proven. */
export type AskedRenewal = Pick<Renewal, 'document' | 'signature' | 'subjectPublicKeyInfo'>;

/** Everything that is asked of a renewal whose holder is known to be there. */
export async function renewWith(
  house: RenewalHouse,
  current: CertificateRecord,
  asked: AskedRenewal,
  shown?: ShownAttestation,
): Promise<RenewalOutcome> {
  const { subjectPublicKeyInfo } = asked;
  if (parseCertificate(current.bytes).subjectPublicKeyInfo.equals(subjectPublicKeyInfo))
    throw new RaError('key-in-use', 'a renewal is for a new key');
  const known = await house.renewals.ofKey(digest('sha256', subjectPublicKeyInfo));
  if (known && !isSame(known, asked)) throw new RaError('key-in-use', 'another renewal carries this key');
  if (known) return issue(house, known, current);
  const { renewal, attestation } = await checked(house, current, asked, shown);
  const outcome = await issue(house, renewal, current);
  return { ...outcome, ...(attestation && { verdict: attestation.verdict }) };
}

/** The same document, and asked for in the same way. */
function isSame(known: Renewal, { document, signature }: AskedRenewal): boolean {
  return known.document.equals(document) && (known.signature === undefined) === (signature === undefined);
}

async function checked(
  house: RenewalHouse,
  signedWith: CertificateRecord,
  asked: AskedRenewal,
  shown: ShownAttestation | undefined,
): Promise<{ renewal: Renewal; attestation?: PreparedAttestation }> {
  const now = house.clock.now();
  const opensAt = renewableFrom(signedWith);
  if (now < opensAt)
    throw new RaError('renewal-too-early', `renewal is possible from ${opensAt.toISOString()}`);
  const { applicant, profileId, applicationId, authorityId, serialNumber } = signedWith;
  const holder = await house.holders.find(applicant.nationalId);
  if (!holder) throw new Error('a certificate without a holder');
  assertSeen(holder, now);
  await assertLicenceActive(house.licences, applicant);
  const renewal: Renewal = {
    id: newId(house.clock),
    applicationId,
    profileId,
    authorityId: await house.renewalIssuer.authorityFor(profileId),
    replaces: { authorityId, serialNumber },
    ...asked,
    requestedAt: now,
  };
  await house.renewalIssuer.checkRenewal(requestOf(renewal, signedWith));
  await assertRegisters(house, renewal, signedWith, holder);
  const attestation = shown && (await prepareAttestation(house, attestedKeyOf(renewal), shown));
  await keep(house, renewal, shown && { attestation });
  return { renewal, ...(attestation && { attestation }) };
}

function attestedKeyOf({ id, replaces, subjectPublicKeyInfo }: Renewal): AttestedKey {
  const subject = attestedSubject(renewalOrigin(id), replaces);
  return { occasion: { kind: 'renewal', id }, subject, subjectPublicKeyInfo };
}

function assertSeen({ lastInPersonAt }: Holder, now: Date): void {
  if (lastInPersonAt) {
    const until = new Date(lastInPersonAt.getTime());
    until.setUTCFullYear(until.getUTCFullYear() + IN_PERSON_YEARS);
    if (now < until) return;
  }
  throw new RaError(
    'in-person-needed',
    `an office has to see you again: the last time was more than ${IN_PERSON_YEARS} years ago`,
  );
}

/** Each says MATCH, now; the evidence is kept whatever they say. */
async function assertRegisters(
  house: RenewalHouse,
  { id, profileId }: Renewal,
  { applicant }: CertificateRecord,
  holder: Holder,
): Promise<void> {
  const { nationalId, givenName, surname, councilNumber } = applicant;
  const { mobile } = await house.holders.contactOf(holder.id);
  if (mobile === undefined && house.keyStoreOf(profileId) === 'phone')
    throw new RaError('contact-missing', 'no mobile number of yours is known here: see an office');
  const claims: Claims = {
    'medical-council': { nationalId, givenName, surname, councilNumber },
    'civil-registry': { nationalId, givenName, surname },
    ...(mobile !== undefined && { shahkar: { nationalId, mobile } }),
  };
  for (const answer of await askRegisters(house, RENEWAL_ACTOR, renewalOrigin(id), claims)) {
    if (answer.result === 'NO_MATCH')
      throw new RaError('register-no-match', `${answer.register} says otherwise: ${answer.reason}`);
    if (answer.result === 'UNAVAILABLE')
      throw new RaError('register-unavailable', `${answer.register} could not answer: try again later`);
  }
}

/** Durable before anything is issued. */
async function keep(
  house: RenewalHouse,
  renewal: Renewal,
  shown: { attestation: PreparedAttestation | undefined } | undefined,
): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    if (!(await house.renewals.insert(tx, renewal)))
      throw new RaError('key-in-use', 'another renewal carries this key');
    if (shown) await keepAttestation(house, tx, shown.attestation);
    await house.audit.record(tx, {
      at: renewal.requestedAt,
      actor: RENEWAL_ACTOR,
      action: 'request-renewal',
      outcome: 'accepted',
      subject: renewalOrigin(renewal.id),
      details: {
        application: renewal.applicationId,
        replaces: `${renewal.replaces.authorityId}/${renewal.replaces.serialNumber.toString('hex')}`,
        ...(renewal.signature
          ? { signatureSha256: digest('sha256', renewal.signature).toString('hex') }
          : { method: 'tls' }),
        ...(shown?.attestation && verdictDetails(shown.attestation)),
      },
    });
  });
}

/** What passes by itself: an open intent is completed, or the holder sends the same again. */
const PASSING: readonly string[] = ['key-unavailable', 'key-busy', 'token-not-found', 'database-unreachable'];

/**
 * A crash before this leaves a renewal without a certificate: the holder sends the same again. What is refused here, after it was
 * kept, is on record as refused.
 */
async function issue(
  house: RenewalHouse,
  renewal: Renewal,
  signedWith: CertificateRecord,
): Promise<RenewalOutcome> {
  const { id, document, signature } = renewal;
  const origin = renewalOrigin(id);
  if (!(await house.renewalIssuer.hasIssued(origin))) {
    const attestation = await attestationOf(house, { kind: 'renewal', id });
    const authorization = signature
      ? ({
          kind: 'holder-signature',
          renewalId: id,
          document,
          signature,
          ...(attestation && { attestation }),
        } as const)
      : ({ kind: 'holder-session', renewalId: id, document } as const);
    try {
      await assertLicenceActive(house.licences, signedWith.applicant);
      await house.renewalIssuer.issueRenewal(requestOf(renewal, signedWith), authorization, RENEWAL_ACTOR);
    } catch (error) {
      // Sent twice at once: the certificate of the first stands.
      if (!(await house.renewalIssuer.hasIssued(origin))) {
        await keepRefusal(house, renewal, error);
        throw error;
      }
    }
  }
  return { renewal, certificate: await certificateOf(house, renewal) };
}

async function keepRefusal(house: RenewalHouse, { id }: Renewal, error: unknown): Promise<void> {
  if (!(error instanceof DomainError)) return;
  const code = String(error.code);
  if (PASSING.includes(code)) return;
  await house.transactions.transaction(async (tx) => {
    const at = house.clock.now();
    await house.renewals.refuse(tx, id, code, at);
    await house.audit.record(tx, {
      at,
      actor: RENEWAL_ACTOR,
      action: 'refuse-renewal',
      outcome: 'refused',
      subject: renewalOrigin(id),
      refusalCode: code,
      details: {},
    });
  });
}

/** What came of a renewal. */
export async function certificateOf(
  { renewals, directory }: Pick<RenewalHouse, 'renewals' | 'directory'>,
  { id }: Pick<Renewal, 'id'>,
): Promise<CertificateRecord> {
  const issued = await renewals.certificateOf(id);
  const record = issued && (await directory.find(issued.authorityId, issued.serialNumber));
  if (!record) throw new Error('a renewal without its certificate');
  return record;
}

function requestOf(renewal: Renewal, { applicant }: CertificateRecord) {
  const { id, profileId, authorityId, subjectPublicKeyInfo, replaces } = renewal;
  return { profileId, authorityId, origin: renewalOrigin(id), subjectPublicKeyInfo, applicant, replaces };
}
