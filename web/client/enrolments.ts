import { request } from './request.ts';

export interface EnrolmentRequest {
  applicationId: string;
  /** Either digits. */
  code: string;
  deskSecret: string;
  /** PKCS#10, PEM. */
  certificationRequest: string;
}

export interface IssuedCertificate {
  authority: string;
  serialNumber: string;
  /** PEM. */
  certificate: string;
}

export interface CertificateStanding {
  status: { kind: 'good' | 'revoked'; revokedAt?: string; reason?: string };
  notAfter: string;
  renewableFrom: string;
}

export function createEnrolment(body: EnrolmentRequest): Promise<IssuedCertificate> {
  return request('POST', '/enrolments', { body, isSigningIn: true });
}

export function readStanding(sha256: string, signal?: AbortSignal): Promise<CertificateStanding> {
  return request('GET', `/enrolments/certificates/${sha256}`, { ...(signal && { signal }) });
}

/** What is signed stands in the signature, base64. */
export function createRenewal(signature: string): Promise<IssuedCertificate & { id: string }> {
  return request('POST', '/renewals', { body: { signature }, isSigningIn: true });
}

export function acceptRenewal(id: string, signature: string): Promise<void> {
  return request('POST', `/renewals/${id}/acceptance`, { body: { signature }, isSigningIn: true });
}
