import type { Officer } from '../officer.ts';
import type { Passkey } from './passkey-store.ts';

/** A response of an authenticator as the browser sends it (WebAuthn L3 §5.1): nothing of it is believed yet. */
export type CeremonyJson = Readonly<Record<string, unknown>>;

export interface CredentialDescriptor {
  id: string;
  type: string;
  transports?: string[];
}

/** PublicKeyCredentialRequestOptionsJSON (WebAuthn L3 §5.1.10). */
export interface RequestOptions {
  challenge: string;
  rpId: string;
  timeout?: number;
  userVerification: string;
  allowCredentials?: CredentialDescriptor[];
}

/** PublicKeyCredentialCreationOptionsJSON (WebAuthn L3 §5.1.9). */
export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { alg: number; type: string }[];
  timeout?: number;
  excludeCredentials?: CredentialDescriptor[];
  authenticatorSelection?: Record<string, unknown>;
  attestation?: string;
}

/** What an authenticator has made. */
export type NewPasskey = Pick<
  Passkey,
  'credentialId' | 'coseKey' | 'subjectPublicKeyInfo' | 'transports' | 'signCount'
>;

/** What an authenticator has signed, read and verified. */
export interface VerifiedAssertion {
  clientDataJson: Buffer;
  authenticatorData: Buffer;
  signature: Buffer;
  signCount: number;
}

/** Why a response was not accepted; for the log, since it may repeat what a caller sent. */
export interface CeremonyFault {
  fault: string;
}

/** The relying party's side of WebAuthn, for one relying party id and its origins. Knows nothing of who may do what. */
export interface PasskeyCeremony {
  registrationOptions(officer: Officer, challenge: Buffer, known: readonly Passkey[]): CreationOptions;
  verifyRegistration(response: CeremonyJson, challenge: Buffer): Promise<NewPasskey | CeremonyFault>;
  /** Without `allowed`, any credential that the authenticator can find by itself. */
  requestOptions(challenge: Buffer, allowed?: readonly Passkey[]): RequestOptions;
  /** Verifies origin, relying party, user verification and signature; the counter is the caller's to judge. */
  verifyAssertion(
    response: CeremonyJson,
    challenge: Buffer,
    passkey: Passkey,
  ): Promise<VerifiedAssertion | CeremonyFault>;
}
