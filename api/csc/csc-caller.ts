import type { FastifyRequest } from 'fastify';

import { callerOfToken } from '../../signing/csc/csc-caller.ts';
import type { CscCaller } from '../../signing/csc/csc-caller.ts';
import { CscError } from '../../signing/csc/csc-error.ts';
import { callerNetwork } from '../caller-network.ts';
import type { CscServices } from './csc-services.ts';

declare module 'fastify' {
  interface FastifyRequest {
    cscCaller: CscCaller | null;
  }
}

/** RFC 6750 §2.1; our tokens are shorter. */
const BEARER = /^Bearer (?<token>[A-Za-z0-9._~+/-]{1,200}=*)$/i;

/** Who calls a method of the CSC API; throws CscError. */
export async function recogniseCscCaller(
  { house, oauth }: CscServices,
  { headers }: FastifyRequest,
): Promise<CscCaller> {
  const token = BEARER.exec(headers.authorization ?? '')?.groups?.['token'];
  if (token === undefined) throw new CscError('invalid_request', 'Malformed authorization header');
  return callerOfToken(house, oauth, token);
}

/** Only in routes for clients of the CSC API. */
export function cscCallerOf({ cscCaller }: FastifyRequest): CscCaller {
  if (!cscCaller) throw new CscError('invalid_request', 'Malformed authorization header');
  return cscCaller;
}

/** Requests of one client a minute; those of clients behind one address are not counted together. */
export function cscRate(max: number) {
  const keyGenerator = ({ cscCaller, ip }: FastifyRequest) => cscCaller?.party.id ?? callerNetwork(ip);
  return { max, timeWindow: '1 minute', keyGenerator };
}
