import type { Static } from 'typebox';

import { decodePem } from '../../pki/pem.ts';
import { nameText } from '../../pki/name.ts';
import { certificateSummary } from '../../validation/certificate-summary.ts';
import type { StatusFinding } from '../../validation/revocation/status-finding.ts';
import type { CertificateVerdict } from '../../validation/validate-certificate.ts';
import type { EncodedValidation } from '../../validation/validate-encoded-certificate.ts';
import { readInstant } from '../read-instant.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { PathValidationBody, PathValidationReport } from './path-validation-schema.ts';

/** What a relying party hands in. */
export type PathValidationRequest = Omit<
  EncodedValidation,
  'at' | 'algorithms' | 'trust' | 'statusHistory' | 'onStatusFault'
> & {
  /** Absent: now. */
  at?: Date;
  /** `policy`: those of the deployment's policy. */
  algorithms: 'policy' | 'any';
};

/** `validateEncodedCertificate` with trust, algorithms, history and clock filled in. */
export type ValidatePath = (request: PathValidationRequest) => Promise<CertificateVerdict & { at: Date }>;

const BODY_OCTETS_MAX = 12_000_000;

/** Suites send thousands of certificates in a row; the work on each is bounded (validation/path/work-budget.ts). */
const RATE = { max: 12_000, timeWindow: '1 minute' };

/** `POST /path-validations`: reads and changes nothing, so it is open to everybody, as `/validations` is. */
export function createPathValidation(app: TypedApp, { validatePath }: { validatePath: ValidatePath }): void {
  app.post(
    '/path-validations',
    {
      bodyLimit: BODY_OCTETS_MAX,
      config: { access: 'public', rateLimit: RATE },
      schema: {
        operationId: 'create-path-validation',
        tags: ['validations'],
        summary: 'Validate a certificate by itself, after RFC 5280 §6',
        body: PathValidationBody,
        response: { 200: PathValidationReport, ...problems },
      },
    },
    async (request) => reportOf(await validatePath(requestOf(request.body))),
  );
}

function requestOf(body: Static<typeof PathValidationBody>): PathValidationRequest {
  const { at, trustAnchors, initialPolicies } = body;
  return {
    leaf: octetsOf(body.certificate),
    intermediates: body.intermediates.map(octetsOf),
    ...(trustAnchors && { trustAnchors: trustAnchors.map(octetsOf) }),
    ...(at !== undefined && { at: readInstant(at) }),
    crls: body.crls.map(octetsOf),
    ocspResponses: body.ocspResponses.map(octetsOf),
    revocation: body.revocation,
    policies: {
      ...(initialPolicies && { initialPolicies: new Set(initialPolicies) }),
      requireExplicitPolicy: body.requireExplicitPolicy,
      inhibitPolicyMapping: body.inhibitPolicyMapping,
      inhibitAnyPolicy: body.inhibitAnyPolicy,
    },
    purposes: { keyUsages: body.keyUsages, extendedKeyUsages: body.extendedKeyUsages },
    algorithms: body.algorithms,
  };
}

function octetsOf(text: string): Buffer {
  return decodePem(text, PEM_LABELS)[0]?.bytes ?? Buffer.from(text, 'base64');
}

const PEM_LABELS = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE', 'X509 CRL', 'OCSP RESPONSE'];

function reportOf({
  at,
  path,
  statuses,
  ...verdict
}: CertificateVerdict & { at: Date }): Static<typeof PathValidationReport> {
  return {
    ...verdict,
    validatedFor: at.toISOString(),
    ...(path && {
      path: path.map((certificate, index) => ({
        ...certificateSummary(certificate),
        ...(index > 0 && { subject: nameText(certificate.subject) }),
        ...(statuses[index] && { status: statusOf(statuses[index]) }),
      })),
    }),
  };
}

function statusOf(finding: StatusFinding) {
  if (finding.kind === 'unknown') return { status: 'unknown' as const };
  const { source, thisUpdate } = finding;
  const known = { source, thisUpdate: thisUpdate.toISOString() };
  if (finding.kind === 'good') return { status: 'good' as const, ...known };
  const { reason, revokedAt, invalidityDate } = finding;
  return {
    status: reason === 'certificateHold' ? ('on-hold' as const) : ('revoked' as const),
    ...known,
    reason,
    revokedAt: revokedAt.toISOString(),
    ...(invalidityDate && { invalidityDate: invalidityDate.toISOString() }),
  };
}
