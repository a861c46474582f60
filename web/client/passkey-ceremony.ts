import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';

import { PasskeyError } from './problem.ts';

export type RequestOptionsJson = PublicKeyCredentialRequestOptionsJSON;
export type CreationOptions = PublicKeyCredentialCreationOptionsJSON;

/** Asks the officer to confirm with a passkey; throws PasskeyError when they or the browser do not. */
export async function confirmWithPasskey(
  optionsJSON: RequestOptionsJson,
): Promise<AuthenticationResponseJSON> {
  return ceremony(() => startAuthentication({ optionsJSON }));
}

/** Makes a passkey on the officer's device; throws PasskeyError. */
export async function createPasskey(optionsJSON: CreationOptions): Promise<RegistrationResponseJSON> {
  return ceremony(() => startRegistration({ optionsJSON }));
}

async function ceremony<T>(start: () => Promise<T>): Promise<T> {
  if (!browserSupportsWebAuthn()) throw new PasskeyError('passkey-unsupported', undefined);
  try {
    return await start();
  } catch (error) {
    throw new PasskeyError('passkey-cancelled', error);
  }
}
