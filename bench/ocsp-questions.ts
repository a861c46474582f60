import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';

import type { Certificate } from '../pki/certificate.ts';
import { encodeCertId } from '../pki/ocsp-cert-id.ts';
import { nonceExtension } from '../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../pki/ocsp-request.ts';
import { parseOcspResponse } from '../pki/ocsp-response.ts';
import { verifyOcspResponse } from '../pki/ocsp-verification.ts';
import { benchSerial } from './bench-statuses.ts';
import type { WrkCheck, WrkTarget } from './wrk.ts';

const NONCE_OCTETS = 32;
/** `good [0] IMPLICIT NULL` behind the serial number. */
const GOOD = '8000';
/** Signatures and their lengths are of varying length. */
const LENGTH_TOLERANCE = 6;

/** What is asked of a responder: about so many certificates, evenly spread over all of them. */
export interface Questions {
  serials: Buffer[];
  plain: Buffer[];
  /** With one nonce, which all answers have to echo. */
  withNonce: Buffer[];
  nonce: Buffer;
}

export function questionsAbout(issuer: Certificate, certificates: number, asked: number): Questions {
  const step = Math.max(1, Math.floor(certificates / asked));
  const length = Math.min(asked, certificates);
  return questionsOf(
    issuer,
    Array.from({ length }, (_, at) => benchSerial(at * step)),
  );
}

export function questionsOf(issuer: Certificate, serials: Buffer[]): Questions {
  const nonce = randomBytes(NONCE_OCTETS);
  const certIds = serials.map((serial) => encodeCertId('sha1', issuer, serial));
  return {
    serials,
    nonce,
    plain: certIds.map((certId) => encodeOcspRequest([certId])),
    withNonce: certIds.map((certId) => encodeOcspRequest([certId], [nonceExtension(nonce)])),
  };
}

export interface Probe {
  body: Buffer;
  check: WrkCheck;
}

/** Asks once, verifies the answer in full, and says by which marks wrk knows that others are like it. */
export async function probe(
  url: string,
  request: Buffer,
  issuer: Certificate,
  { serials, nonce }: Pick<Questions, 'serials'> & { nonce?: Buffer },
): Promise<Probe> {
  const body = await post(url, request);
  const parsed = parseOcspResponse(body);
  if (parsed.status !== 'successful') throw new Error(`${url} answers ${parsed.status}`);
  const verification = verifyOcspResponse(parsed, issuer);
  if (!verification.verified) throw new Error(`the answer of ${url} does not verify: ${verification.fault}`);
  if (parsed.responses[0].status.kind !== 'good') throw new Error(`${url} does not say good`);
  const at = body.indexOf(serials[0]);
  if (at < 0 || body.toString('hex', at + serials[0].length, at + serials[0].length + 2) !== GOOD)
    throw new Error(`${url} answers for another certificate`);
  const check: WrkCheck = {
    octets: [body.length - LENGTH_TOLERANCE, body.length + LENGTH_TOLERANCE],
    serial: {
      at,
      octets: serials[0].length + 2,
      known: serials.map((serial) => Buffer.concat([serial, Buffer.from(GOOD, 'hex')])),
    },
    ...(nonce && { holds: [nonce.toString('hex')] }),
  };
  return { body, check };
}

/** Over a connection of its own: `openssl ocsp` listens to nobody else while one is open. */
export function post(url: string, body: Buffer): Promise<Buffer> {
  const headers = { 'content-type': 'application/ocsp-request', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method: 'POST', agent: false, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The same questions by GET, as RFC 5019 §5 writes them. */
export function asGet(path: string, { plain }: Questions): WrkTarget['requests'] {
  return plain.map((request) => `${path}/${encodeURIComponent(request.toString('base64'))}`);
}
