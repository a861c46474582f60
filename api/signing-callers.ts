import type { FastifyRequest } from 'fastify';

import { SigningError } from '../signing/signing-error.ts';
import type { Device } from '../signing/devices/device-login.ts';
import { deviceOfToken } from '../signing/devices/device-login.ts';
import { clientOfCertificate, clientOfToken } from '../signing/relying-parties/authenticate-client.ts';
import type { RelyingParty } from '../signing/relying-parties/relying-party.ts';
import { recogniseCscCaller } from './csc/csc-caller.ts';
import type { CscServices } from './csc/csc-services.ts';
import type { SigningServices } from './signing-services.ts';
import { presentedCertificateOf } from './tls-listener.ts';

declare module 'fastify' {
  interface FastifyRequest {
    relyingParty: RelyingParty | null;
    device: Device | null;
  }
}

/** Callers that are no officers: each shows a token, or a certificate, and never a cookie. */
export const MACHINES = ['relying-party', 'device', 'csc-client'] as const;
export type Machine = (typeof MACHINES)[number];

/** Recognises who calls before the body is looked at. */
export type RecogniseMachine = (machine: Machine, request: FastifyRequest) => Promise<void>;

/** Tokens of 32 octets. */
const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/;

export function recogniseMachines(services: {
  signing: SigningServices;
  csc: CscServices;
}): RecogniseMachine {
  const by: Record<Machine, (request: FastifyRequest) => Promise<void>> = {
    'relying-party': async (request) => {
      const { relyingParties } = services.signing;
      const token = bearerOf(request);
      const certificate = token === undefined ? presentedCertificateOf(request) : undefined;
      if (certificate) request.relyingParty = await clientOfCertificate(relyingParties, certificate);
      else request.relyingParty = await clientOfToken(relyingParties, token ?? '');
    },
    device: async (request) => {
      request.device = await deviceOfToken(services.signing.devices, bearerOf(request) ?? '');
    },
    'csc-client': async (request) => {
      request.cscCaller = await recogniseCscCaller(services.csc, request);
    },
  };
  return (machine, request) => by[machine](request);
}

/** Only in routes for relying parties. */
export function relyingPartyOf({ relyingParty }: FastifyRequest): RelyingParty {
  if (!relyingParty) throw new SigningError('client-token-invalid', 'get a token first');
  return relyingParty;
}

/** Only in routes for phones. */
export function deviceOf({ device }: FastifyRequest): Device {
  if (!device) throw new SigningError('device-token-invalid', 'sign in first');
  return device;
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.[1];
}
