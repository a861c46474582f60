import { REVOCATION_REASONS } from '../pki/revocation-reason.ts';
import type { CertificateStatus } from '../pki/certificate-status.ts';
import { OcspError } from './ocsp-error.ts';
import type { StatusRecord } from './status-source.ts';

// A certificate as the index keeps it and a source hands it over: 70 octets, no object. The first 38 of them, up to the
// change number, are what a later change replaces. Numbers have their highest octet first, as PostgreSQL writes them.
export const PACKED = {
  serialLength: 0,
  /** Followed by zeros up to 20 octets. */
  serial: 1,
  /** Reason code (RFC 5280 §5.3.1), or `GOOD`. */
  status: 21,
  /** Seconds since 1970; 0 where the status is good. */
  revokedAt: 22,
  notAfter: 26,
  changeNumber: 30,
  certHash: 38,
} as const;
export const PACKED_OCTETS = 70;
export const PACKED_CHANGE_OCTETS = PACKED.certHash;

/** Stands in the place of a reason code for a certificate that is good. */
export const GOOD = 0xff;

/** RFC 5280 §4.1.2.2. */
export const SERIAL_OCTETS_MAX = 20;
const CERT_HASH_OCTETS = 32;
/** The last second of 2106-02-07 that 32 bits hold; what expires later is kept as that. */
const SECONDS_MAX = 0xffff_ffff;

/** Packs a certificate; throws OcspError `status-history-broken` for a serial number or hash of impossible length. */
export function packStatus(record: StatusRecord): Buffer {
  const { serialNumber, certHash, notAfter, status, changeNumber } = record;
  if (serialNumber.length === 0 || serialNumber.length > SERIAL_OCTETS_MAX)
    throw new OcspError('status-history-broken', 'serial number of impossible length');
  if (certHash.length !== CERT_HASH_OCTETS)
    throw new OcspError('status-history-broken', 'certificate hash of impossible length');
  const packed = Buffer.alloc(PACKED_OCTETS);
  packed[PACKED.serialLength] = serialNumber.length;
  packed.set(serialNumber, PACKED.serial);
  packed.writeUInt32BE(Math.min(secondsOf(notAfter), SECONDS_MAX), PACKED.notAfter);
  packed.set(certHash, PACKED.certHash);
  writeStatus(packed, 0, status, changeNumber);
  return packed;
}

/** Writes status and change number of the packed certificate that starts at `start`. */
export function writeStatus(
  chunk: Buffer,
  start: number,
  status: CertificateStatus,
  changeNumber: number,
): void {
  chunk[start + PACKED.status] = status.kind === 'good' ? GOOD : REVOCATION_REASONS[status.reason];
  chunk.writeUInt32BE(status.kind === 'good' ? 0 : secondsOf(status.revokedAt), start + PACKED.revokedAt);
  // The two octets above stay zero: numbers beyond 2^48 are not reached.
  chunk.writeUIntBE(changeNumber, start + PACKED.changeNumber + 2, 6);
}

export function changeNumberOf(chunk: Buffer, start: number): number {
  return chunk.readUIntBE(start + PACKED.changeNumber + 2, 6);
}

/** The serial number of the packed certificate that starts at `start`, a view. */
export function serialNumberOf(chunk: Buffer, start: number): Buffer {
  const from = start + PACKED.serial;
  return chunk.subarray(from, from + chunk[start + PACKED.serialLength]);
}

function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
