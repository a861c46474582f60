import { randomFillSync } from 'node:crypto';

import { wholeSeconds } from '../../core/clock.ts';
import { addDuration, parseDuration } from '../../core/duration.ts';
import type { Duration } from '../../core/duration.ts';
import { foldPersian } from '../../core/persian-text.ts';
import { encodeName } from '../../pki/name.ts';
import type { NameTemplate } from '../../pki/name.ts';
import { AT } from '../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { encodeTbsCertificate } from '../../pki/tbs-certificate.ts';
import type { DeploymentNames } from '../authority/authority.ts';
import { CaError } from '../ca-error.ts';
import type { Profile, SubjectField } from '../profile.ts';
import { buildExtensions } from './build-extensions.ts';
import type { ExtensionInputs } from './build-extensions.ts';
import type { IssuanceRequest } from './issuance-request.ts';

export interface TbsInputs {
  profile: Profile;
  request: Pick<IssuanceRequest, 'subjectPublicKeyInfo' | 'subject' | 'councilNumber'>;
  /** Whether hardware of the holder's phone is known to hold the key. */
  isAttested?: boolean;
  names: DeploymentNames;
  /** The issuing CA; absent when the certificate is self-signed. */
  issuer?: ExtensionInputs['issuer'];
  signatureAlgorithm: SignatureAlgorithmName;
  now: Date;
}

export interface BuiltTbs {
  bytes: Buffer;
  serialNumber: Buffer;
  notBefore: Date;
  notAfter: Date;
}

/** Applies a profile to an application. Draws the serial number; throws CaError for what does not fit. */
export function buildTbsCertificate(inputs: TbsInputs): BuiltTbs {
  const { profile, request, issuer, names, isAttested = false } = inputs;
  const serialNumber = drawSerialNumber();
  const { notBefore, notAfter } = validityOf(profile, inputs.now, issuer?.certificate);
  assertWithinIssuer(notAfter, issuer);
  const subject = encodeName(subjectOf(profile, request.subject));
  const bytes = encodeTbsCertificate({
    serialNumber,
    signatureAlgorithm: signatureAlgorithmIdentifier(inputs.signatureAlgorithm),
    issuer: issuer ? issuer.certificate.subject.bytes : subject,
    notBefore,
    notAfter,
    subject,
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    extensions: buildExtensions({ profile, request, isAttested, names, serialNumber, issuer }),
  });
  return { bytes, serialNumber, notBefore, notAfter };
}

const SERIAL_OCTETS = 16;

/** Drawn for 64 serial numbers at a time, since a call costs more than its octets; each octet is used once. */
const randomOctets = Buffer.alloc(64 * SERIAL_OCTETS);
let randomAt = randomOctets.length;

/**
 * 16 octets, 126 of their bits random (at least 64 are asked for, CA/Browser Forum BR §7.1; at most 20 octets,
 * RFC 5280 §4.1.2.2). The two fixed bits keep the number positive and its length constant.
 */
function drawSerialNumber(): Buffer {
  if (randomAt === randomOctets.length) {
    randomFillSync(randomOctets);
    randomAt = 0;
  }
  const serial = Buffer.from(randomOctets.subarray(randomAt, randomAt + SERIAL_OCTETS));
  randomAt += SERIAL_OCTETS;
  serial[0] = (serial[0] & 0x3f) | 0x40;
  return serial;
}

/**
 * Backdated for slow clocks, yet never to before the issuer's own first second. A responder ends with its issuer at the
 * latest: an old generation answers to its last day; holders are refused a term that is cut short.
 */
function validityOf(
  profile: Profile,
  now: Date,
  issuer?: { notBefore: Date; notAfter: Date },
): { notBefore: Date; notAfter: Date } {
  const backdated = wholeSeconds(now).getTime() - profile.backdateSeconds * 1000;
  const notBefore = new Date(Math.max(backdated, issuer?.notBefore.getTime() ?? backdated));
  // notAfter is the last second inside the period (RFC 5280 §4.1.2.5).
  const notAfter = new Date(addDuration(notBefore, validityPeriodOf(profile)).getTime() - 1000);
  const isCutShort =
    profile.purpose === 'ocsp-responder' && issuer !== undefined && issuer.notAfter < notAfter;
  return { notBefore, notAfter: isCutShort ? issuer.notAfter : notAfter };
}

const validityPeriods = new WeakMap<Profile, Duration>();

function validityPeriodOf(profile: Profile): Duration {
  const known = validityPeriods.get(profile) ?? parseDuration(profile.validity);
  validityPeriods.set(profile, known);
  return known;
}

function assertWithinIssuer(notAfter: Date, issuer: TbsInputs['issuer']): void {
  if (!issuer || notAfter <= issuer.certificate.notAfter) return;
  const [actual, allowed] = [notAfter, issuer.certificate.notAfter].map((date) =>
    date.toISOString().slice(0, 10),
  );
  throw new CaError('validity-exceeds-issuer', `notAfter ${actual} exceeds issuer's ${allowed}`);
}

/** The subject that a profile makes of an application; throws CaError `subject-incomplete`. */
export function subjectOf(profile: Profile, subject: Partial<Record<SubjectField, string>>): NameTemplate {
  return profile.subject.map((attribute) => {
    const value = attribute.value ?? subject[attribute.from!];
    if (value === undefined || value === '') {
      throw new CaError('subject-incomplete', `the profile needs ${attribute.from}`);
    }
    const text = `${attribute.prefix ?? ''}${foldPersian(value)}${attribute.suffix ?? ''}`;
    return { type: AT[attribute.type], value: text };
  });
}
