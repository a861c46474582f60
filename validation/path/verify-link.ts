import { certificateFingerprint, isSignedBy, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { lacksParameters } from '../../pki/public-key.ts';
import type { WorkBudget } from './work-budget.ts';

/**
 * What the issuer's key says of a certificate's signature (RFC 5280 §6.1.3 (a)(1)). `parameters-inherited`: the key is
 * complete only with the parameters of a CA above it, which the path will tell.
 */
export type Link = 'signed' | 'not-signed' | 'algorithm-unsupported' | 'parameters-inherited';

/** Verifies a signature on a certificate, once for each pair of certificate and issuer that were met lately. */
export function verifyLink(certificate: Certificate, issuer: Certificate, budget: WorkBudget): Link {
  const known = links.get(certificate) ?? [];
  for (const one of known) if (one.issuer === issuer) return one.link;
  const pair = pairOf(certificate, issuer);
  const link = recent.has(pair) ? 'signed' : newLink(certificate, issuer, budget);
  known.push({ issuer, link });
  links.set(certificate, known);
  if (link === 'signed') remember(pair);
  return link;
}

/**
 * What a signature is it stays for ever, and the CAs of a trust store are asked for in every search. A list: there is one
 * issuer nearly always, and a map for each certificate would cost more than it saves.
 */
const links = new WeakMap<Certificate, { issuer: Certificate; link: Link }[]>();

function newLink(certificate: Certificate, issuer: Certificate, budget: WorkBudget): Link {
  try {
    if (lacksParameters(issuer.subjectPublicKeyInfo)) return 'parameters-inherited';
    budget.spend('signatures');
    return isSignedBy(certificate, publicKeyOf(issuer)) ? 'signed' : 'not-signed';
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return cause.code === 'algorithm-unsupported' ? 'algorithm-unsupported' : 'not-signed';
  }
}

/**
 * Those that verified, by fingerprints: for certificates that are read anew from each signature: a doctor's is met many times a day.
 * Whether a certificate is valid now is not kept; only that the issuer's key made its signature.
 */
const recent = new Set<string>();
const RECENT_MAX = 20_000;

const fingerprints = new WeakMap<Certificate, string>();

function remember(pair: string): void {
  if (recent.size >= RECENT_MAX)
    for (const oldest of [...recent].slice(0, RECENT_MAX / 10)) recent.delete(oldest);
  recent.add(pair);
}

function pairOf(certificate: Certificate, issuer: Certificate): string {
  return fingerprintOf(certificate) + fingerprintOf(issuer);
}

function fingerprintOf(certificate: Certificate): string {
  let fingerprint = fingerprints.get(certificate);
  if (fingerprint === undefined) {
    fingerprint = certificateFingerprint(certificate).toString('latin1');
    fingerprints.set(certificate, fingerprint);
  }
  return fingerprint;
}
