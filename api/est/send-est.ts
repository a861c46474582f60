import type { FastifyReply } from 'fastify';

import { encodeEst } from './est-base64.ts';

/** RFC 7030 §4.1.3, §4.2.3, §4.5.2; clients older than RFC 8951 look for the transfer encoding, newer ones ignore it. */
export function sendEst(reply: FastifyReply, mediaType: string, octets: Uint8Array): FastifyReply {
  return reply
    .header('content-transfer-encoding', 'base64')
    .header('cache-control', 'no-store')
    .type(mediaType)
    .send(encodeEst(octets));
}

/** RFC 7030 §4.2.3. */
export const CERTIFICATES_ONLY = 'application/pkcs7-mime; smime-type=certs-only';
