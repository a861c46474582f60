import { isObject } from '../../core/is-object.ts';
import type { CeremonyJson } from './passkey-ceremony.ts';

const CHALLENGE_OCTETS = 32;

/**
 * The challenge that a response says it answers, so that it can be found among those that are out; undefined when it says none
 * of ours. Verified later, with everything else.
 */
export function claimedChallenge(response: CeremonyJson): Buffer | undefined {
  const clientData = readClientData(response);
  const { challenge } = clientData ?? {};
  if (typeof challenge !== 'string') return undefined;
  const octets = Buffer.from(challenge, 'base64url');
  return octets.length === CHALLENGE_OCTETS && octets.toString('base64url') === challenge
    ? octets
    : undefined;
}

/** The credential that a response says it is of. */
export function claimedCredential(response: CeremonyJson): Buffer | undefined {
  return typeof response['id'] === 'string' ? Buffer.from(response['id'], 'base64url') : undefined;
}

function readClientData({ response }: CeremonyJson): Record<string, unknown> | undefined {
  if (!isObject(response) || typeof response['clientDataJSON'] !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(response['clientDataJSON'], 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
