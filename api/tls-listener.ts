import { createHash } from 'node:crypto';
import { TLSSocket } from 'node:tls';

import type { FastifyRequest } from 'fastify';

/** TLS of a server: its certificate and key, and the CAs whose client certificates are let through. PEM. */
export interface TlsListener {
  cert: Buffer;
  key: Buffer;
  ca: readonly string[];
}

/** A client certificate is asked for and not needed: passkeys are signed in with as well. */
export function httpsOptions({ cert, key, ca }: TlsListener) {
  return {
    cert,
    key,
    ca: [...ca],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2' as const,
  };
}

/**
 * SHA-256 of the certificate that the client has proved to have the key of, and that comes from one of our CAs. Whose it is and
 * whether it is good is asked of the officers' credentials.
 */
export function clientCertificateOf(request: FastifyRequest): Buffer | undefined {
  const { socket } = request.raw;
  return socket instanceof TLSSocket && socket.authorized ? presentedCertificateOf(request) : undefined;
}

/**
 * The certificate that the client has proved to have the key of, DER, from whichever CA and for whatever use: TLS has verified the
 * proof and nothing else of it.
 */
export function shownCertificateOf({ raw: { socket } }: FastifyRequest): Buffer | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
}

/** SHA-256 of the certificate that was shown: for those that were registered one by one (RFC 8705 §2.2). */
export function presentedCertificateOf(request: FastifyRequest): Buffer | undefined {
  const shown = shownCertificateOf(request);
  return shown && createHash('sha256').update(shown).digest();
}
