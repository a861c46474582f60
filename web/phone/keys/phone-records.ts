/** How a key is locked with a PIN. */
export interface PinLock {
  kind: 'pin';
  salt: Uint8Array<ArrayBuffer>;
  iterations: number;
  /** HMAC, not extractable: a script that reads this record cannot take away what a PIN is tried against. */
  deviceKey: CryptoKey;
  /** Tries since the last right PIN, each counted before it is made. */
  failures: number;
}

/** How a key is locked with what the phone's own authenticator computes once it has recognised its user (WebAuthn PRF). */
export interface PasskeyLock {
  kind: 'passkey';
  credentialId: Uint8Array<ArrayBuffer>;
  salt: Uint8Array<ArrayBuffer>;
}

export type PhoneLock = PinLock | PasskeyLock;

/** A private key under a key that only its lock yields: AES-256-GCM over PKCS#8. */
export interface WrappedKey {
  salt: Uint8Array<ArrayBuffer>;
  initializationVector: Uint8Array<ArrayBuffer>;
  wrapped: ArrayBuffer;
  subjectPublicKeyInfo: Uint8Array<ArrayBuffer>;
  /** PKCS#10, DER: made with the key, so that it can be sent again after a lost answer. */
  certificationRequest: Uint8Array<ArrayBuffer>;
}

export interface PhoneCredential {
  /** DER. */
  certificate: Uint8Array<ArrayBuffer>;
  sha256: string;
  authority: string;
  serialNumber: string;
}

/** What is under way: kept before it is asked for, so that a lost answer is asked for again. */
export interface PendingEnrolment {
  applicationId: string;
  lock: PhoneLock;
  key: WrappedKey;
}

export interface PendingRenewal {
  key: WrappedKey;
  /** What the old key signed, base64. */
  signature: string;
  /** Present once the new certificate was issued. */
  issued?: { id: string; credential: PhoneCredential };
}

export interface DeviceLogin {
  token: string;
  expiresAt: string;
}

/** How the certificate stood when the service was last asked. */
export interface Standing {
  status: { kind: 'good' | 'revoked'; revokedAt?: string; reason?: string };
  notAfter: string;
  renewableFrom: string;
  askedAt: string;
}

/** Everything that the phone keeps. */
export interface PhoneRecords {
  lock: PhoneLock;
  key: WrappedKey;
  credential: PhoneCredential;
  login: DeviceLogin;
  standing: Standing;
  enrolment: PendingEnrolment;
  renewal: PendingRenewal;
}
