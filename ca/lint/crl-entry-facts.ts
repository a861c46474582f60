import * as asn1 from '../../pki/der/encode.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { TAG } from '../../pki/der/tag.ts';
import { CE } from '../../pki/oid.ts';
import { REVOCATION_REASONS, revocationReasonOf } from '../../pki/revocation-reason.ts';
import { rawCrl } from './linted-crl.ts';
import { spanAt, timeFault } from './span.ts';
import type { Span } from './span.ts';
import { oncePer } from './once-per.ts';

/** How many entries of a CRL have which peculiarity. */
export interface CrlEntryFacts {
  entries: number;
  /** Entries whose serial number an earlier entry has. */
  repeated: number;
  /** Revocation dates that are not written as §5.1.2.6 says. */
  misencodedDates: number;
  /** Revocation dates after thisUpdate. */
  later: number;
  /** Invalidity dates after the entry's revocation date. */
  invalidAfterRevocation: number;
  /** reasonCode 0, which is said by saying nothing. */
  unspecified: number;
  /** reasonCode 8, which belongs into delta CRLs. */
  removed: number;
  /** Reason codes that the standard does not know. */
  unknownReasons: number;
  criticalExtensions: number;
}

/** One walk over all entries, made once per CRL: no objects per entry besides offsets, and one string per serial number. */
export const crlEntryFacts = oncePer(walk);

function walk(crl: CertificateList): CrlEntryFacts {
  const facts: CrlEntryFacts = {
    entries: 0,
    repeated: 0,
    misencodedDates: 0,
    later: 0,
    invalidAfterRevocation: 0,
    unspecified: 0,
    removed: 0,
    unknownReasons: 0,
    criticalExtensions: 0,
  };
  const { thisUpdate, revokedCertificates: list } = rawCrl(crl);
  if (!list) return facts;
  const bytes = crl.tbsCertList;
  const issued = timeKey(bytes, thisUpdate);
  const serials = new Set<string>();
  for (let at = list.content; at < list.end; facts.entries += 1) {
    const entry = spanAt(bytes, at, list.end, TAG.sequence);
    readEntry(bytes, entry, issued, serials, facts);
    at = entry.end;
  }
  facts.repeated = facts.entries - serials.size;
  return facts;
}

function readEntry(
  bytes: Buffer,
  entry: Span,
  issued: number,
  serials: Set<string>,
  facts: CrlEntryFacts,
): void {
  const serial = spanAt(bytes, entry.content, entry.end, TAG.integer);
  const date = spanAt(bytes, serial.end, entry.end);
  serials.add(bytes.toString('latin1', serial.content, serial.end));
  if (timeFault(bytes, date) !== undefined) facts.misencodedDates += 1;
  const revoked = timeKey(bytes, date);
  if (revoked > issued) facts.later += 1;
  if (date.end === entry.end) return;
  const list = spanAt(bytes, date.end, entry.end, TAG.sequence);
  for (let at = list.content; at < list.end;) {
    const extension = spanAt(bytes, at, list.end, TAG.sequence);
    readEntryExtension(bytes, extension, revoked, facts);
    at = extension.end;
  }
}

const REASON_CODE = asn1.oid(CE.reasonCode);
const INVALIDITY_DATE = asn1.oid(CE.invalidityDate);

function readEntryExtension(bytes: Buffer, extension: Span, revoked: number, facts: CrlEntryFacts): void {
  const oid = spanAt(bytes, extension.content, extension.end, TAG.oid);
  let value = spanAt(bytes, oid.end, extension.end);
  if (value.tag === TAG.boolean) {
    if (bytes[value.content] !== 0) facts.criticalExtensions += 1;
    value = spanAt(bytes, value.end, extension.end);
  }
  if (isAt(bytes, oid, REASON_CODE)) {
    const reason = spanAt(bytes, value.content, value.end, TAG.enumerated);
    countReason(bytes.readIntBE(reason.content, Math.min(reason.end - reason.content, 6)), facts);
  } else if (isAt(bytes, oid, INVALIDITY_DATE)) {
    const invalid = spanAt(bytes, value.content, value.end, TAG.generalizedTime);
    if (timeKey(bytes, invalid) > revoked) facts.invalidAfterRevocation += 1;
  }
}

function countReason(code: number, facts: CrlEntryFacts): void {
  if (code === REVOCATION_REASONS.unspecified) facts.unspecified += 1;
  else if (code === REVOCATION_REASONS.removeFromCRL) facts.removed += 1;
  else if (revocationReasonOf(code) === undefined) facts.unknownReasons += 1;
}

function isAt(bytes: Buffer, span: Span, encoded: Buffer): boolean {
  return bytes.compare(encoded, 0, encoded.length, span.start, span.end) === 0;
}

/** A number that grows with the time: YYYYMMDDhhmmss; NaN for what has other characters than digits. */
function timeKey(bytes: Buffer, { tag, content, end }: Span): number {
  let key = 0;
  for (let at = content; at < end - 1; at += 1) key = key * 10 + (bytes[at] - 0x30);
  if (tag === TAG.generalizedTime) return key;
  return key + (key < 500_000_000_000 ? 20_000_000_000_000 : 19_000_000_000_000);
}
