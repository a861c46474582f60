import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { digest } from './digest-algorithm.ts';

/** Certificates of one generation; real ones have some kilobytes with their key, so both take some 20 MiB. */
const GENERATION_MAX = 2_048;
/** What is larger is read each time, so that nobody fills the memory. */
const OCTETS_MAX = 4_096;

let young = new Map<string, Certificate>();
let old = new Map<string, Certificate>();

/**
 * Reads a certificate as `parseCertificate` does, and one that was met lately once: a doctor's comes with each prescription, and to
 * read it and to import its key take longer than to verify with it. Nothing is kept but what its octets say: whether it is valid, or
 * revoked, is asked each time.
 */
export function readRecentCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > OCTETS_MAX) return parseCertificate(bytes);
  const key = digest('sha256', bytes).toString('latin1');
  const met = young.get(key);
  if (met) return met;
  const certificate = old.get(key) ?? parseCertificate(bytes);
  if (young.size >= GENERATION_MAX) {
    old = young;
    young = new Map();
  }
  young.set(key, certificate);
  return certificate;
}
