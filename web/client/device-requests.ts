import { request } from './request.ts';
import type { SigningRequest } from './signing-request.ts';

// What a phone asks for with its token.

export interface Displayed {
  codeChoices: string[];
  signingTime: string;
}

export function challengeDevice(): Promise<{ nonce: string }> {
  return request('POST', '/device/challenges', { body: {}, isSigningIn: true });
}

export interface DeviceProof {
  certificateSha256: string;
  nonce: string;
  signature: string;
}

export function signInDevice(body: DeviceProof): Promise<{ token: string; expiresAt: string }> {
  return request('POST', '/device/sign-ins', { body, isSigningIn: true });
}

/** Undefined when nothing waits, or nothing came in so many seconds. */
export function readOpenRequest(
  token: string,
  wait: number,
  signal?: AbortSignal,
): Promise<SigningRequest | undefined> {
  return request('GET', '/device/signature-session', { token, query: { wait }, ...(signal && { signal }) });
}

export function displayRequest(token: string, id: string, displaySha256: string): Promise<Displayed> {
  return request('POST', `/device/signature-sessions/${id}/display`, { token, body: { displaySha256 } });
}

export function confirmCode(token: string, id: string, code: string): Promise<{ state: string }> {
  return request('POST', `/device/signature-sessions/${id}/code`, { token, body: { code } });
}

export function countWrongPin(token: string, id: string): Promise<{ state: string; triesLeft: number }> {
  return request('POST', `/device/signature-sessions/${id}/pin-failures`, { token });
}

export function refuseRequest(token: string, id: string): Promise<{ state: string }> {
  return request('POST', `/device/signature-sessions/${id}/refusal`, { token });
}

export function signRequest(token: string, id: string, signatures: string[]): Promise<{ state: string }> {
  return request('POST', `/device/signature-sessions/${id}/signatures`, { token, body: { signatures } });
}
