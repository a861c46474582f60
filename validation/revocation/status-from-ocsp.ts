import { certificateFingerprint } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseArchiveCutoff, parseCertHash } from '../../pki/ocsp-extensions.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import type { OcspSingleResponse } from '../../pki/ocsp-single-response.ts';
import { singleResponseOf, verifyOcspResponse } from '../../pki/ocsp-verification.ts';
import { CE } from '../../pki/oid.ts';
import { weightierFinding } from './status-finding.ts';
import type { StatusFinding } from './status-finding.ts';
import type { StatusInquiry } from './status-inquiry.ts';

/** A response without nextUpdate is right when it is made (RFC 6960 §4.2.2.1); it is taken for this long. */
const AGE_WITHOUT_NEXT_UPDATE_MILLISECONDS = 24 * 3_600_000;

/** RFC 6960 §3.2: what the OCSP responses at hand say of a certificate. No nonce is asked for: nobody asked them just now. */
export function statusFromOcsp(
  certificate: Certificate,
  issuer: Certificate,
  inquiry: StatusInquiry,
): StatusFinding {
  let finding: StatusFinding = { kind: 'unknown', notes: [] };
  for (const response of inquiry.evidence.ocspResponses) {
    inquiry.budget.spend('candidates', response.responses.length);
    const single = singleResponseOf(response, issuer, certificate.serialNumber);
    if (!single) continue;
    finding = weightierFinding(finding, findingOf({ response, single, certificate, issuer }, inquiry));
  }
  return finding;
}

interface Answer {
  response: BasicOcspResponse;
  single: OcspSingleResponse;
  certificate: Certificate;
  issuer: Certificate;
}

function findingOf(answer: Answer, inquiry: StatusInquiry): StatusFinding {
  const { single } = answer;
  const { status, thisUpdate } = single;
  if (status.kind === 'unknown') return unusable('its responder does not know the certificate');
  const fault = staleness(single, inquiry.at) ?? responderFault(answer, inquiry);
  if (fault !== undefined) return unusable(fault);
  if (status.kind === 'revoked' && status.revokedAt.getTime() <= inquiry.at.getTime()) {
    const { revokedAt, reason = 'unspecified' } = status;
    return { kind: 'revoked', source: 'ocsp', thisUpdate, revokedAt, reason };
  }
  const doubt = inquiry.doubt?.(answer.response) ?? doubtOfGood(answer);
  if (doubt !== undefined) return unusable(doubt);
  const good = { kind: 'good', source: 'ocsp', thisUpdate, until: endOf(single) } as const;
  if (status.kind === 'good') return good;
  const { revokedAt, reason = 'unspecified' } = status;
  return { ...good, revokedLater: { revokedAt, reason } };
}

function staleness(single: OcspSingleResponse, at: Date): string | undefined {
  const until = endOf(single);
  return at.getTime() <= until.getTime() ? undefined : `it was to be used until ${until.toISOString()}`;
}

function endOf({ thisUpdate, nextUpdate }: OcspSingleResponse): Date {
  return nextUpdate ?? new Date(thisUpdate.getTime() + AGE_WITHOUT_NEXT_UPDATE_MILLISECONDS);
}

/** §4.2.2.2: the issuer itself, or a responder whose certificate it issued for that, and which is not revoked. */
function responderFault({ response, issuer }: Answer, inquiry: StatusInquiry): string | undefined {
  // The response's signature, and the responder's certificate's.
  inquiry.budget.spend('signatures', 2);
  const verification = verifyOcspResponse(response, issuer);
  if (!verification.verified) return `its signature cannot be relied on (${verification.fault})`;
  const { delegated, noCheck, responder } = verification;
  if (!delegated || noCheck) return undefined;
  const finding = inquiry.ask(responder, issuer);
  if (finding === 'pending' || finding.kind === 'good') return undefined;
  return `the status of its responder is ${finding.kind}`;
}

/** CertHash (Common PKI) of another certificate; or an archive that no longer knows of the expired one (§4.4.4). */
function doubtOfGood({ single, certificate }: Answer): string | undefined {
  const certHash = single.extensions.get(CE.certHash);
  if (certHash) {
    const { hashAlgorithm, certificateHash } = parseCertHash(certHash.value);
    if (hashAlgorithm === 'sha256' && !certificateHash.equals(certificateFingerprint(certificate)))
      return 'it speaks of another certificate with the same serial number';
  }
  if (certificate.notAfter.getTime() >= single.thisUpdate.getTime()) return undefined;
  const cutoff = single.extensions.get(CE.ocspArchiveCutoff);
  const kept = cutoff && parseArchiveCutoff(cutoff.value).getTime() <= certificate.notAfter.getTime();
  return kept ? undefined : 'the certificate had expired when it was made';
}

function unusable(note: string): StatusFinding {
  return { kind: 'unknown', notes: [`an OCSP response: ${note}`] };
}
