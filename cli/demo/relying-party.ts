import { randomBytes } from 'node:crypto';

import { isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { nonceExtension } from '../../pki/ocsp-extensions.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import { singleResponseOf, verifyOcspResponse } from '../../pki/ocsp-verification.ts';
import type { HttpClient, Answer } from './http-client.ts';

/** A pharmacy or insurer: asks OCSP, fetches the CRL, has signatures validated; needs no account. */
export class RelyingParty {
  readonly #http: HttpClient;
  readonly #issuer: Certificate;
  readonly #authorityId: string;

  constructor(http: HttpClient, issuer: Certificate, authorityId: string) {
    this.#http = http;
    this.#issuer = issuer;
    this.#authorityId = authorityId;
  }

  /**
   * Asks with a nonce and a SHA-256 CertID, or without and by SHA-1, as most clients still do; believes only an answer
   * that verifies.
   */
  async askOcsp(
    certificate: Certificate,
    options: { nonce: boolean },
  ): Promise<{ status: string; der: Buffer }> {
    const certId = encodeCertId(options.nonce ? 'sha256' : 'sha1', this.#issuer, certificate.serialNumber);
    const extensions = options.nonce ? [nonceExtension(randomBytes(32))] : [];
    const request = encodeOcspRequest([certId], extensions);
    const der = await this.#http.exchange(`/ocsp/${this.#authorityId}`, 'application/ocsp-request', request);
    const response = parseOcspResponse(der);
    if (response.status !== 'successful') return { status: response.status, der };
    if (!verifyOcspResponse(response, this.#issuer).verified)
      return { status: 'answer does not verify', der };
    const single = singleResponseOf(response, this.#issuer, certificate.serialNumber);
    if (!single) return { status: 'no answer for this certificate', der };
    const { status } = single;
    return { status: status.kind === 'revoked' ? `revoked (${status.reason})` : status.kind, der };
  }

  /** What the CRL says of a certificate, once its signature has been checked. */
  async readCrl(certificate: Certificate): Promise<{ status: string; der: Buffer }> {
    const der = await this.#http.download(`/crl/${this.#authorityId}.crl`);
    const list = parseCertificateList(der);
    if (!isCertificateListSignedBy(list, publicKeyOf(this.#issuer)))
      return { status: 'CRL does not verify', der };
    const entry = list.revokedCertificates.find(certificate.serialNumber);
    return { status: entry ? `listed (${entry.reason})` : 'not listed', der };
  }

  async validate(signature: Buffer, receivedAt: Date): Promise<Answer> {
    const body = { signature: signature.toString('base64'), receivedAt: receivedAt.toISOString() };
    return (await this.#http.json('POST', '/api/v1/validations', body)).body;
  }
}
