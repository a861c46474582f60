import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';

import type { Officer } from '../ra/officer.ts';
import type {
  CeremonyFault,
  CeremonyJson,
  CreationOptions,
  CredentialDescriptor,
  NewPasskey,
  PasskeyCeremony,
  RequestOptions,
  VerifiedAssertion,
} from '../ra/passkeys/passkey-ceremony.ts';
import type { Passkey } from '../ra/passkeys/passkey-store.ts';
import { subjectPublicKeyInfoOf } from './cose-key.ts';

/** Whom passkeys are made for. */
export interface RelyingParty {
  /** A host name; browsers accept no IP address (WebAuthn L2 §5.1.2). */
  id: string;
  name: string;
  /** Scheme, host and port of the console. */
  origin: string;
}

/** ES256 and RS256: what every authenticator has one of (WebAuthn L2 §5.4), and `pki/approval` verifies. */
const ALGORITHMS = [-7, -257];
/** Browsers give up then; the challenge is forgotten at about the same time. */
const CEREMONY_MILLISECONDS_MAX = 300_000;

/** WebAuthn by @simplewebauthn/server. */
export class WebAuthnCeremony implements PasskeyCeremony {
  readonly #party: RelyingParty;

  constructor(party: RelyingParty) {
    this.#party = party;
  }

  registrationOptions(officer: Officer, challenge: Buffer, known: readonly Passkey[]): CreationOptions {
    return {
      challenge: challenge.toString('base64url'),
      rp: { id: this.#party.id, name: this.#party.name },
      user: {
        id: Buffer.from(officer.id.replaceAll('-', ''), 'hex').toString('base64url'),
        name: officer.name,
        displayName: officer.name,
      },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      timeout: CEREMONY_MILLISECONDS_MAX,
      excludeCredentials: known.map(descriptorOf),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      // Which make of authenticator it is decides nothing here, so nobody has to tell (WebAuthn L2 §5.4.7).
      attestation: 'none',
    };
  }

  async verifyRegistration(response: CeremonyJson, challenge: Buffer): Promise<NewPasskey | CeremonyFault> {
    return faultOf(async () => {
      if (!isWithoutCertificates(response)) return { fault: 'attestation certificates were not asked for' };
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: response as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge.toString('base64url'),
        expectedOrigin: this.#party.origin,
        expectedRPID: this.#party.id,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      });
      if (!verified) return { fault: 'attestation not verified' };
      const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
      return {
        credentialId: Buffer.from(id, 'base64url'),
        coseKey: Buffer.from(publicKey),
        subjectPublicKeyInfo: subjectPublicKeyInfoOf(publicKey),
        transports,
        signCount: counter,
      };
    });
  }

  requestOptions(challenge: Buffer, allowed?: readonly Passkey[]): RequestOptions {
    return {
      challenge: challenge.toString('base64url'),
      rpId: this.#party.id,
      timeout: CEREMONY_MILLISECONDS_MAX,
      userVerification: 'required',
      ...(allowed && { allowCredentials: allowed.map(descriptorOf) }),
    };
  }

  async verifyAssertion(
    response: CeremonyJson,
    challenge: Buffer,
    passkey: Passkey,
  ): Promise<VerifiedAssertion | CeremonyFault> {
    const given = response as unknown as AuthenticationResponseJSON;
    return faultOf(async () => {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: given,
        expectedChallenge: challenge.toString('base64url'),
        expectedOrigin: this.#party.origin,
        expectedRPID: this.#party.id,
        requireUserVerification: true,
        // The counter is judged by the caller, who tells a copied key from a wrong signature.
        credential: {
          id: passkey.credentialId.toString('base64url'),
          publicKey: new Uint8Array(passkey.coseKey),
          counter: 0,
        },
      });
      if (!verified) return { fault: 'signature wrong' };
      return {
        clientDataJson: Buffer.from(given.response.clientDataJSON, 'base64url'),
        authenticatorData: Buffer.from(given.response.authenticatorData, 'base64url'),
        signature: Buffer.from(given.response.signature, 'base64url'),
        signCount: authenticationInfo.newCounter,
      };
    });
  }
}

/**
 * No attestation, or by the key itself (§5.1.3): nobody asked for more, and the library would follow the addresses that somebody
 * wrote into attestation certificates.
 */
function isWithoutCertificates({ response }: CeremonyJson): boolean {
  const { attestationObject } = response as { attestationObject: string };
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

function descriptorOf({ credentialId, transports }: Passkey): CredentialDescriptor {
  return {
    id: credentialId.toString('base64url'),
    type: 'public-key',
    transports: [...transports],
  };
}

/** The library throws plain errors for whatever is wrong with a response; each is a refusal. */
async function faultOf<T>(verify: () => Promise<T | CeremonyFault>): Promise<T | CeremonyFault> {
  try {
    return await verify();
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'unreadable' };
  }
}
