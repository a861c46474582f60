import { parseCertificate } from '../pki/certificate.ts';
import { parseCertificateList } from '../pki/crl.ts';
import { parseBasicOcspResponse, parseOcspResponse } from '../pki/ocsp-response.ts';
import type { BasicOcspResponse, OcspResponse } from '../pki/ocsp-response.ts';
import { PkiError } from '../pki/pki-error.ts';
import type { Reason } from './reason.ts';
import { RevocationEvidence } from './revocation/revocation-evidence.ts';
import { TrustStore } from './trust-store.ts';
import { validateCertificate } from './validate-certificate.ts';
import type { CertificateValidation, CertificateVerdict } from './validate-certificate.ts';

/** A validation whose certificates, CRLs and OCSP responses are still octets: DER. */
export interface EncodedValidation extends Pick<
  CertificateValidation,
  'at' | 'policies' | 'purposes' | 'revocation' | 'algorithms' | 'statusHistory' | 'onStatusFault'
> {
  leaf: Uint8Array;
  intermediates: readonly Uint8Array[];
  /** Absent: `trust`. */
  trustAnchors?: readonly Uint8Array[];
  /** Whom the deployment trusts. */
  trust: TrustStore;
  crls: readonly Uint8Array[];
  /** OCSPResponse or BasicOCSPResponse. */
  ocspResponses: readonly Uint8Array[];
}

/**
 * Validates what was sent. A leaf that cannot be read is invalid; anything else that cannot be read is passed over with a
 * reason, since a search for issuers and CRLs brings up all kinds of things, and nothing passes by what is left out.
 */
export async function validateEncodedCertificate(validation: EncodedValidation): Promise<CertificateVerdict> {
  const reader = new Reader();
  const [leaf] = reader.read('the certificate', [validation.leaf], parseCertificate);
  if (!leaf) return malformed(reader.faults);
  const intermediates = reader.read('intermediate', validation.intermediates, parseCertificate);
  const anchors =
    validation.trustAnchors && reader.read('trust anchor', validation.trustAnchors, parseCertificate);
  const evidence = new RevocationEvidence({
    crls: reader.read('CRL', validation.crls, parseCertificateList),
    ocspResponses: reader.read('OCSP response', validation.ocspResponses, readOcspResponse),
  });
  const trust = anchors ? new TrustStore({ anchors, intermediates: [] }) : validation.trust;
  const verdict = await validateCertificate({ ...validation, leaf, intermediates, trust, evidence });
  const passedOver = reader.faults.map((text): Reason => ({ code: 'input-passed-over', text }));
  return { ...verdict, reasons: [...verdict.reasons, ...passedOver] };
}

/** Reads what can be read, and keeps why the rest cannot. */
class Reader {
  readonly faults: string[] = [];

  read<Value>(what: string, items: readonly Uint8Array[], parse: (bytes: Uint8Array) => Value): Value[] {
    return items.flatMap((bytes, index) => {
      try {
        return [parse(bytes)];
      } catch (cause) {
        if (!(cause instanceof PkiError)) throw cause;
        this.faults.push(`${what}${items.length > 1 ? ` ${index}` : ''} cannot be read: ${cause.detail}`);
        return [];
      }
    });
  }
}

/** OCSPResponse, or the BasicOCSPResponse in it, as CAdES carries it. */
function readOcspResponse(bytes: Uint8Array): BasicOcspResponse {
  let response: OcspResponse;
  try {
    response = parseOcspResponse(bytes);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return parseBasicOcspResponse(bytes);
  }
  if (response.status === 'successful') return response;
  throw new PkiError('ocsp-response-malformed', `it answers ${response.status}`);
}

function malformed(faults: readonly string[]): CertificateVerdict {
  const reasons = faults.map((text): Reason => ({ code: 'certificate-malformed', text }));
  return {
    verdict: 'invalid',
    indication: 'FAILED',
    subIndication: 'FORMAT_FAILURE',
    reasons,
    policies: [],
    statuses: [],
  };
}
