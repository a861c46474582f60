import { canonicalJson } from '../../core/canonical-json.ts';
import type { Applicant } from '../application.ts';
import type { Card } from '../cards/card.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import type { Personalisation } from './personalisation.ts';

// What is signed on a card while it is personalised. Never bare octets of a challenge: a key for non-repudiation signs only what
// says of itself that it is a test or a receipt.

/** What the test signature is made over, in canonical JSON (RFC 8785). */
export function testDocument({ id, challenge }: Personalisation, card: Card): Buffer {
  return document({
    type: 'mohr-card-test-1',
    personalisation: id,
    card: card.serial,
    challenge: challenge!.toString('base64url'),
  });
}

/** The holder's receipt of card and certificate. */
export function receiptDocument(options: {
  personalisation: Personalisation;
  card: Card;
  certificate: CertificateRecord;
  receivedAt: Date;
}): Buffer {
  const { personalisation, card, certificate, receivedAt } = options;
  const { nationalId, givenName, surname, councilNumber } = certificate.applicant;
  return document({
    type: 'mohr-card-receipt-1',
    application: personalisation.applicationId,
    card: card.serial,
    certificate: {
      serialNumber: certificate.serialNumber.toString('hex'),
      sha256: certificate.sha256.toString('hex'),
    },
    holder: { nationalId, givenName, surname, council: `${councilNumber.group}-${councilNumber.digits}` },
    office: personalisation.officeId,
    receivedAt: receivedAt.toISOString(),
    statement: STATEMENT,
  });
}

const STATEMENT =
  'این کارت هوشمند و گواهی الکترونیکی آن را دریافت کردم؛ مشخصات گواهی درست است و رمز کارت را تنها خودم می‌دانم. — I have received this smart card and its certificate; what the certificate says is right, and nobody but me knows the PIN.';

/** Shown at the agent's prompt beside the PIN. */
export function testDisplay({ serial }: Card): string {
  return `آزمایش کارت ${serial}: امضای آزمایشی، بدون تعهد\nTest of the card ${serial}: a signature that binds to nothing`;
}

export function receiptDisplay({ givenName, surname }: Applicant, { serial }: Card): string {
  return `رسید کارت ${serial} — ${givenName} ${surname}\n${STATEMENT}`;
}

function document(value: object): Buffer {
  return Buffer.from(canonicalJson(value), 'utf8');
}
