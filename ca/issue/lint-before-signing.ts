import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { SIGNATURE_SCHEMES, paddingOf, signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import { CaError } from '../ca-error.ts';
import { certificateLints } from '../lint/certificate-lints.ts';
import { lintErrors, runLints } from '../lint/lint.ts';
import type { LintReport } from '../lint/lint.ts';

/**
 * Signs the TBS with a throw-away key and lints the result, so that nothing unlinted ever meets the CA key.
 * Throws CaError `lint-failed` with every error found.
 */
export function lintBeforeSigning(
  tbsCertificate: Buffer,
  algorithm: SignatureAlgorithmName,
  issuer: Certificate | undefined,
  now: Date,
): LintReport[] {
  const scheme = SIGNATURE_SCHEMES[algorithm];
  const key = { key: throwAwayKey(algorithm), ...paddingOf(scheme) };
  const signature = sign(scheme.digest, tbsCertificate, key);
  const bytes = encodeSigned(tbsCertificate, signatureAlgorithmIdentifier(algorithm), signature);
  const certificate = parseCertificate(bytes);
  const reports = runLints(certificateLints, { certificate, issuer, now });
  const errors = lintErrors(reports);
  if (errors.length > 0) {
    const detail = errors.map(({ id, source, result }) => `${id} (${source}): ${result.detail}`).join('; ');
    throw new CaError('lint-failed', detail);
  }
  return reports;
}

const throwAwayKeys = new Map<SignatureAlgorithmName, KeyObject>();

/** Lives as long as the process and certifies nothing: its public key never leaves this file. */
function throwAwayKey(algorithm: SignatureAlgorithmName): KeyObject {
  let key = throwAwayKeys.get(algorithm);
  if (!key) {
    key = generateThrowAwayKey(algorithm);
    throwAwayKeys.set(algorithm, key);
  }
  return key;
}

function generateThrowAwayKey(algorithm: SignatureAlgorithmName): KeyObject {
  const { kind } = SIGNATURE_SCHEMES[algorithm];
  if (kind === 'rsa-pkcs1' || kind === 'rsa-pss')
    return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  if (kind === 'ecdsa') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  throw new CaError('profile-invalid', `no certificates are issued with ${algorithm}`);
}
