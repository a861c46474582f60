import type { KeyObject } from 'node:crypto';

import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { KeyHardware } from '../../pki/attestation/key-attestation.ts';
import type { KeyType } from '../../pki/key-type.ts';
import { keyTypeOf } from '../key-type.ts';
import { AttestationError } from './attestation-error.ts';
import type { AttestationFault } from './attestation-error.ts';
import {
  AUTHORIZATION,
  KEY_DESCRIPTION,
  SECURITY_LEVELS,
  applicationIn,
  integerIn,
  integersIn,
  parseKeyDescription,
  rootOfTrustIn,
} from './android-key-description.ts';
import type { KeyDescription } from './android-key-description.ts';
import { serialText } from './android-status-list.ts';
import type { AndroidPolicy } from './attestation-policy.ts';
import { verifyAttestationChain } from './verify-attestation-chain.ts';

export interface AttestedKey {
  statement: readonly Buffer[];
  /** Of the certification request. */
  subjectPublicKeyInfo: Buffer;
  challenge: Buffer;
  now: Date;
}

/** The hardware of an Android key; throws AttestationError, or PkiError for what cannot be read. */
export function judgeAndroidKey(policy: AndroidPolicy, key: AttestedKey): KeyHardware {
  const chain = verifyAttestationChain(key.statement, policy.roots, key.now);
  assertNotWithdrawn(chain, policy);
  const [leaf, ...issuers] = chain;
  const extension = leaf.extensions.get(KEY_DESCRIPTION);
  // An attested key could sign a certificate with a description of another key: the one nearest to the root counts, and is the only one.
  if (!extension || issuers.some(({ extensions }) => extensions.has(KEY_DESCRIPTION)))
    throw new AttestationError(
      'attestation-extension',
      'not the first certificate, or not it alone, describes a key',
    );
  const description = parseKeyDescription(extension.value);
  const facts: Facts = { ...key, leaf, description, policy };
  for (const { fault, detail, holds } of RULES) if (!holds(facts)) throw new AttestationError(fault, detail);
  return hardwareOf(description);
}

interface Facts extends AttestedKey {
  leaf: Certificate;
  description: KeyDescription;
  policy: AndroidPolicy;
}

interface Rule {
  fault: AttestationFault;
  detail: string;
  holds(facts: Facts): boolean;
}

const SIGN = 2;
const GENERATED = 0;
const VERIFIED = 0;

/** What the secure environment has to say of the key; what Android says in its place does not count, but for who asked for the key. */
const RULES: readonly Rule[] = [
  {
    fault: 'attestation-key',
    detail: 'another key was attested than the request is for',
    holds: ({ leaf, subjectPublicKeyInfo }) => leaf.subjectPublicKeyInfo.equals(subjectPublicKeyInfo),
  },
  {
    fault: 'attestation-challenge',
    detail: 'it answers another challenge',
    holds: ({ description, challenge }) => description.challenge.equals(challenge),
  },
  {
    fault: 'attestation-level',
    detail: 'key or attestation are of software',
    holds: ({ description }) => ![description.keyLevel, description.attestationLevel].includes('software'),
  },
  {
    fault: 'attestation-boot',
    detail: 'the device is unlocked, or runs a system that its manufacturer has not signed',
    holds: ({ description }) => {
      const root = rootOfTrustIn(description.hardwareEnforced);
      return root?.isLocked === true && root.bootState === VERIFIED;
    },
  },
  {
    fault: 'attestation-purpose',
    detail: 'the key is for something else than signatures',
    holds: ({ description }) => {
      const purposes = integersIn(description.hardwareEnforced, AUTHORIZATION.purpose);
      return purposes.length === 1 && purposes[0] === SIGN;
    },
  },
  {
    fault: 'attestation-origin',
    detail: 'the key was not made in the secure environment',
    holds: ({ description }) => integerIn(description.hardwareEnforced, AUTHORIZATION.origin) === GENERATED,
  },
  {
    fault: 'attestation-algorithm',
    detail: 'what is described is not the kind of key that was attested',
    holds: ({ description, leaf }) => isDescribed(description, publicKeyOf(leaf)),
  },
  {
    fault: 'attestation-all-applications',
    detail: 'every app of the device may use the key',
    holds: ({ description: { hardwareEnforced, softwareEnforced } }) =>
      ![hardwareEnforced, softwareEnforced].some((list) => list.has(AUTHORIZATION.allApplications)),
  },
  {
    fault: 'attestation-application',
    detail: 'another app had the key made',
    holds: ({ description, policy }) => isOurs(description, policy),
  },
  {
    fault: 'attestation-patch-level',
    detail: 'the system of the device is older than is allowed',
    holds: ({ description, policy: { patchLevelMin } }) => {
      const level = integerIn(description.hardwareEnforced, AUTHORIZATION.osPatchLevel);
      return patchLevelMin === undefined || (level !== undefined && monthOf(level) >= patchLevelMin);
    },
  },
];

function assertNotWithdrawn(chain: readonly Certificate[], { statuses }: AndroidPolicy): void {
  if (statuses === 'not-asked') return;
  if (statuses === 'outdated')
    throw new AttestationError(
      'attestation-status-outdated',
      'the list of withdrawn devices is missing or too old',
    );
  if (chain.some(({ serialNumber }) => statuses.has(serialText(serialNumber))))
    throw new AttestationError('attestation-revoked', 'its manufacturer has withdrawn a certificate of it');
}

/** Numbers of Algorithm and EcCurve. */
const KINDS: Partial<Record<KeyType, { algorithm: number; keySize: number; ecCurve?: number }>> = {
  'p-256': { algorithm: 3, keySize: 256, ecCurve: 1 },
  'p-384': { algorithm: 3, keySize: 384, ecCurve: 2 },
  'rsa-2048': { algorithm: 1, keySize: 2048 },
  'rsa-3072': { algorithm: 1, keySize: 3072 },
  'rsa-4096': { algorithm: 1, keySize: 4096 },
};

/** Keymaster 2 describes no curve: the size says it. */
function isDescribed({ hardwareEnforced }: KeyDescription, key: KeyObject): boolean {
  const kind = KINDS[keyTypeOf(key) ?? 'ed25519'];
  const curve = integerIn(hardwareEnforced, AUTHORIZATION.ecCurve);
  return (
    kind !== undefined &&
    integerIn(hardwareEnforced, AUTHORIZATION.algorithm) === kind.algorithm &&
    integerIn(hardwareEnforced, AUTHORIZATION.keySize) === kind.keySize &&
    (curve === undefined || curve === kind.ecCurve)
  );
}

/** Apps that share a user share its keys: each of them has to be ours. Who asked is what Android says, on a system that is verified. */
function isOurs({ softwareEnforced, hardwareEnforced }: KeyDescription, { apps }: AndroidPolicy): boolean {
  const identity = applicationIn(softwareEnforced) ?? applicationIn(hardwareEnforced);
  if (!identity || identity.packageNames.length === 0 || identity.signerSha256.length === 0) return false;
  return identity.packageNames.every((name) =>
    apps.some(
      ({ packageName, signerSha256 }) =>
        packageName === name &&
        identity.signerSha256.every((signer) => signerSha256.some((known) => known.equals(signer))),
    ),
  );
}

/** `YYYYMM`; some devices add the day. */
function monthOf(level: number): number {
  return level > 999_999 ? Math.floor(level / 100) : level;
}

/** The weaker of what holds the key and what vouches for it. */
function hardwareOf({ keyLevel, attestationLevel }: KeyDescription): KeyHardware {
  const weaker = Math.min(SECURITY_LEVELS.indexOf(keyLevel), SECURITY_LEVELS.indexOf(attestationLevel));
  return weaker === SECURITY_LEVELS.indexOf('strongbox') ? 'strongbox' : 'trusted-environment';
}
