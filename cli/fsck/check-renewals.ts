import type { PgRecords } from '../../db/pg-records.ts';
import type { RenewalRecordRow } from '../../db/renewal-records.ts';
import { DomainError } from '../../core/errors.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { parseAcceptanceDocument, parseRenewalDocument } from '../../pki/renewal/renewal-document.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { IsUnderWay } from './under-way.ts';

const PAGE_ROWS = 500;

/**
 * Every renewal: the certificate that it replaces has signed exactly this, was valid then, and the key that it signed for is the one that
 * was certified; where the holder has accepted the new one, that one has signed it.
 */
export async function* checkRenewals(
  records: PgRecords,
  isUnderWay: IsUnderWay = () => false,
): AsyncGenerator<Finding> {
  for await (const page of records.renewals(PAGE_ROWS)) {
    for (const row of page) {
      yield* checkRenewal(row, isUnderWay);
      yield* checkHandedIn(records, row);
    }
  }
}

/**
 * No digest that a relying party has handed in is what the holder signed (ADR 112), whichever of both came first; and of a key that
 * signs such digests no handshake counts. The CA refuses both: what is found here was written past it.
 */
async function* checkHandedIn(records: PgRecords, row: RenewalRecordRow): AsyncGenerator<Finding> {
  const finding = (detail: string): Finding => ({
    code: 'renewal-handed-in',
    subject: `renewal:${row.id}`,
    detail,
  });
  if (!row.signature && row.replacedSignedDigests)
    yield finding('it rests on a handshake of a key that signs digests of others');
  if (row.signature && row.replacedSignsDigests) {
    const digests = readyDigestsOf(row.signature, row.replaced);
    if (await records.wereHandedIn(row.replaces, digests))
      yield finding('what the holder signed was handed in by a relying party');
  }
  if (row.acceptance && row.certificate && row.issued) {
    const digests = readyDigestsOf(row.acceptance.signature, row.certificate);
    if (await records.wereHandedIn(row.issued, digests))
      yield finding('what the new key signed to accept it was handed in by a relying party');
  }
}

/** None of what cannot be read: that is found by itself. */
function readyDigestsOf(signature: Buffer, certificate: Buffer): Buffer[] {
  try {
    return readSingleSigner(signature).readyDigests(parseCertificate(certificate));
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

function* checkRenewal(row: RenewalRecordRow, isUnderWay: IsUnderWay): Generator<Finding> {
  const finding = (code: FindingCode, detail: string): Finding => ({
    code,
    subject: `renewal:${row.id}`,
    detail,
  });
  const { document, signature } = row;
  // What was asked for over TLS was signed by nobody; that it was is in its intent's event.
  const fault = signature && signatureFault({ document, signature }, row.replaced);
  if (fault !== undefined)
    yield finding('renewal-signature', `the holder's signature does not hold: ${fault}`);
  if (!row.wasInForce) yield finding('renewal-signature', 'the certificate that signed was not valid then');
  const differing = differingFacts(row);
  if (differing.length > 0)
    yield finding('renewal-differs', `${differing.join(', ')}: not what the holder signed`);
  if (!row.certificate && !row.isExplained && !isUnderWay(row.requestedAt))
    yield finding('renewal-open', 'it has neither a certificate nor a refusal; its holder may send it again');
  if (row.acceptance && !isAccepted(row, row.acceptance))
    yield finding('renewal-signature', 'the new certificate did not sign its acceptance');
}

function signatureFault(
  { document, signature }: NonNullable<RenewalRecordRow['acceptance']>,
  certificate: Buffer,
): string | undefined {
  return orFault(() => {
    const signer = readSingleSigner(signature);
    if (!signer.content.equals(document)) return 'it is over another document';
    return signer.faultWith(parseCertificate(certificate));
  });
}

function differingFacts({ replaces, document, spkiSha256, certificate }: RenewalRecordRow): string[] {
  const differing: string[] = [];
  const fault = orFault(() => {
    const { certificate: named, certificationRequest } = parseRenewalDocument(document);
    const { subjectPublicKeyInfo } = parseCertificationRequest(Buffer.from(certificationRequest, 'base64'));
    if (
      named.authority !== replaces.authorityId ||
      named.serialNumber !== replaces.serialNumber.toString('hex')
    )
      differing.push('certificate');
    if (!digest('sha256', subjectPublicKeyInfo).equals(spkiSha256)) differing.push('key');
    const issued = certificate && parseCertificate(certificate);
    if (issued && !issued.subjectPublicKeyInfo.equals(subjectPublicKeyInfo)) differing.push('issued key');
    return undefined;
  });
  return fault === undefined ? differing : [fault];
}

function isAccepted(
  { id, certificate }: RenewalRecordRow,
  acceptance: NonNullable<RenewalRecordRow['acceptance']>,
): boolean {
  if (!certificate || signatureFault(acceptance, certificate) !== undefined) return false;
  const fault = orFault(() => {
    const { renewal, certificateSha256 } = parseAcceptanceDocument(acceptance.document);
    const isRight = renewal === id && certificateSha256 === digest('sha256', certificate).toString('hex');
    return isRight ? undefined : 'it accepts another one';
  });
  return fault === undefined;
}

function orFault(look: () => string | undefined): string | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof DomainError) return String(error.code);
    throw error;
  }
}
