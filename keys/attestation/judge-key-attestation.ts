import { unreachable } from '../../core/errors.ts';
import { attestationChallenge } from '../../pki/attestation/key-attestation.ts';
import type {
  AttestationVerdict,
  KeyAttestation,
  KeyHardware,
} from '../../pki/attestation/key-attestation.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { AttestationError } from './attestation-error.ts';
import type { AttestationPolicy } from './attestation-policy.ts';
import { judgeAndroidKey } from './judge-android-key.ts';
import { judgeAppAttest } from './judge-app-attest.ts';

export interface AttestationCase {
  attestation: KeyAttestation;
  /** Of the certification request. */
  subjectPublicKeyInfo: Buffer;
  /** What it is attested for, e.g. `application:<id>`. */
  subject: string;
  now: Date;
}

/** What an attestation proves. It never throws for what a device sends: whatever is wrong with it is a verdict, and no hardware. */
export function judgeKeyAttestation(policy: AttestationPolicy, asked: AttestationCase): AttestationVerdict {
  try {
    return { hardware: hardwareOf(policy, asked) };
  } catch (error) {
    if (error instanceof AttestationError) return { fault: error.code };
    if (error instanceof PkiError) return { fault: 'attestation-unreadable' };
    throw error;
  }
}

function hardwareOf(
  { android, apple }: AttestationPolicy,
  { attestation: { format, statement, nonce }, subjectPublicKeyInfo, subject, now }: AttestationCase,
): KeyHardware {
  const key = { statement, subjectPublicKeyInfo, challenge: attestationChallenge(nonce, subject), now };
  switch (format) {
    case 'android-key':
      if (android) return judgeAndroidKey(android, key);
      break;
    case 'apple-appattest':
      if (apple) return judgeAppAttest(apple, key);
      break;
    default:
      return unreachable(format);
  }
  throw new AttestationError('attestation-not-configured', `no ${format} key counts in this deployment`);
}
