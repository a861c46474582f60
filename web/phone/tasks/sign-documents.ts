import {
  cadesSignedOctets,
  jadesSignedOctets,
  padesSignedOctets,
} from '../../../signing/device/signed-octets.ts';
import { countWrongPin, signRequest } from '../../client/device-requests.ts';
import { ProblemError } from '../../client/problem.ts';
import { fromBase64, sha256, toBase64 } from '../keys/octets.ts';
import { PhoneError } from '../keys/phone-error.ts';
import type { HolderKey } from '../keys/phone-key.ts';
import { PIN_TRIES, dropKey, unlock } from '../keys/unlock.ts';
import type { ReadRequest } from './read-request.ts';

/**
 * Unlocks the key, signs every document that was shown and answers the request; resolves with the session's state. Throws PhoneError
 * `pin-wrong` while there are tries left, here and at the service.
 */
export async function signDocuments(
  token: string,
  read: ReadRequest,
  signingTime: string,
  pin?: string,
): Promise<string> {
  const key = await unlockFor(token, read.request.id, pin);
  if (typeof key === 'string') return key;
  const values: string[] = [];
  for (let index = 0; index < read.hashes.length; index += 1)
    values.push(toBase64(await key.sign(await octetsOf(read, index, signingTime))));
  const { state } = await signRequest(token, read.request.id, values);
  return state;
}

/** The key, or the state to which a wrong PIN has brought the session. */
async function unlockFor(token: string, id: string, pin: string | undefined): Promise<HolderKey | string> {
  try {
    return (await unlock(pin)).key;
  } catch (error) {
    if (!(error instanceof PhoneError) || !['pin-wrong', 'key-gone'].includes(error.code)) throw error;
    const told = await tell(token, id, error.triesLeft);
    if (told.triesLeft > 0) throw new PhoneError('pin-wrong', { triesLeft: told.triesLeft, cause: error });
    await dropKey();
    return told.state;
  }
}

/**
 * Tells the service of a wrong PIN. The two counts may differ, for the phone asks for the PIN at other times, too: whichever ends first
 * ends both.
 */
async function tell(
  token: string,
  id: string,
  triesLeftHere: number,
): Promise<{ state: string; triesLeft: number }> {
  for (let told = 0; ; told += 1) {
    const { state, triesLeft } = await countWrongPin(token, id);
    if (triesLeft <= 0 || triesLeftHere > 0 || told >= PIN_TRIES)
      return { state, triesLeft: Math.min(triesLeft, triesLeftHere) };
  }
}

async function octetsOf(read: ReadRequest, index: number, signingTime: string): Promise<Uint8Array> {
  const { request, hashes, contents } = read;
  const { mediaType } = request.documents[index];
  const content = contents[index];
  const chain = request.chain.map(fromBase64);
  const facts = {
    documentSha256: hashes[index],
    certificateSha256: await sha256(chain[0]),
    signingTime: new Date(signingTime),
  };
  if (request.format === 'cades')
    return cadesSignedOctets({ ...facts, ...(mediaType !== undefined && { mediaType }) });
  if (request.format === 'pades') return padesSignedOctets(facts);
  if (content === undefined || mediaType === undefined) throw new PhoneError('request-differs');
  return jadesSignedOctets({ ...facts, mediaType, chain, algorithm: request.algorithm }, content);
}

/** A session that has ended meanwhile cannot be answered any more. */
export function isOver(error: unknown): boolean {
  return error instanceof ProblemError && ['session-state', 'session-unknown'].includes(error.code);
}
