import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** Positive, at most 20 octets, and with room for the 64 random bits that a CA owes. */
export const serialNumberLength: CertificateLint = {
  id: 'serial-number-length',
  source: 'RFC 5280 §4.1.2.2',
  check({ certificate: { serialNumber } }) {
    if (serialNumber[0] & 0x80) return error('serial number is negative');
    // A leading zero octet only keeps the number positive, and still is one of the twenty.
    if (serialNumber.length > 20) return error(`${serialNumber.length} octets, at most 20`);
    const octets = serialNumber[0] === 0 ? serialNumber.length - 1 : serialNumber.length;
    return octets >= 8 ? 'pass' : error(`${octets} octets, at least 8`);
  },
};
