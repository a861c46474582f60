import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { SIGNATURE_SCHEMES, paddingOf, signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { encodeSigned } from '../../pki/tbs-certificate.ts';
import { CaError } from '../ca-error.ts';
import { CertificateSeries } from '../lint/certificate-series.ts';
import { lintErrors } from '../lint/lint.ts';
import type { LintReport } from '../lint/lint.ts';
import type { Profile } from '../profile.ts';

/**
 * Makes a certificate of the TBS with a throw-away signature and lints it, so that nothing unlinted ever meets the CA key.
 * With a profile, what the certificate before it of the same issuer and profile has in common with it is not linted again (see
 * CertificateSeries). Throws CaError `lint-failed` with every error found.
 */
export function lintBeforeSigning(
  tbsCertificate: Buffer,
  algorithm: SignatureAlgorithmName,
  issuer: Certificate | undefined,
  now: Date,
  profile?: Profile,
): readonly LintReport[] {
  const bytes = encodeSigned(
    tbsCertificate,
    signatureAlgorithmIdentifier(algorithm),
    throwAwaySignature(algorithm),
  );
  const reports = seriesOf(issuer, profile).lint(parseCertificate(bytes), now);
  const errors = lintErrors(reports);
  if (errors.length > 0) {
    const detail = errors.map(({ id, source, result }) => `${id} (${source}): ${result.detail}`).join('; ');
    throw new CaError('lint-failed', detail);
  }
  return reports;
}

const seriesByIssuer = new WeakMap<Certificate, WeakMap<Profile, CertificateSeries>>();

function seriesOf(issuer: Certificate | undefined, profile: Profile | undefined): CertificateSeries {
  if (!issuer || !profile) return new CertificateSeries(issuer);
  const ofIssuer = seriesByIssuer.get(issuer) ?? new WeakMap<Profile, CertificateSeries>();
  seriesByIssuer.set(issuer, ofIssuer);
  const known = ofIssuer.get(profile) ?? new CertificateSeries(issuer);
  ofIssuer.set(profile, known);
  return known;
}

const throwAwaySignatures = new Map<SignatureAlgorithmName, Buffer>();

/**
 * One signature stands for all: rules see that it is a well-formed signature of the algorithm, and none can verify it, since
 * its key is gone when this returns. So a fresh one for each TBS would show them nothing more, and cost a tenth of the issuing.
 */
function throwAwaySignature(algorithm: SignatureAlgorithmName): Buffer {
  let signature = throwAwaySignatures.get(algorithm);
  if (!signature) {
    const scheme = SIGNATURE_SCHEMES[algorithm];
    const key = { key: generateThrowAwayKey(algorithm), ...paddingOf(scheme) };
    signature = sign(scheme.digest, Buffer.from('throw-away'), key);
    throwAwaySignatures.set(algorithm, signature);
  }
  return signature;
}

function generateThrowAwayKey(algorithm: SignatureAlgorithmName): KeyObject {
  const { kind } = SIGNATURE_SCHEMES[algorithm];
  if (kind === 'rsa-pkcs1' || kind === 'rsa-pss')
    return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  if (kind === 'ecdsa') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  // The types of Node 20 do not know it; a CA with such a key was opened by a runtime that does.
  if (kind === 'ml-dsa-65') return generateKeyPairSync(kind as 'ed25519').privateKey;
  throw new CaError('profile-invalid', `no certificates are issued with ${algorithm}`);
}
