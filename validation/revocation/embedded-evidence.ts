import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { parseBasicOcspResponse, parseOcspResponse } from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { RevocationEvidence } from './revocation-evidence.ts';

/** The CRLs and OCSP responses that a signer embedded; what cannot be read proves nothing and is passed over. */
export function embeddedEvidence(
  embedded: readonly EmbeddedRevocation[],
  onRead?: (evidence: CertificateList | BasicOcspResponse, bytes: Buffer) => void,
): RevocationEvidence {
  const crls: CertificateList[] = [];
  const ocspResponses: BasicOcspResponse[] = [];
  for (const one of embedded) {
    try {
      const evidence = read(one);
      if (!evidence) continue;
      if ('tbsCertList' in evidence) crls.push(evidence);
      else ocspResponses.push(evidence);
      onRead?.(evidence, one.bytes);
    } catch (cause) {
      if (!(cause instanceof PkiError)) throw cause;
    }
  }
  return new RevocationEvidence({ crls, ocspResponses });
}

/** Undefined: nothing that says something of a certificate. */
function read({ kind, bytes }: EmbeddedRevocation): CertificateList | BasicOcspResponse | undefined {
  switch (kind) {
    case 'crl':
      return parseCertificateList(bytes);
    case 'basic-ocsp-response':
      return parseBasicOcspResponse(bytes);
    case 'ocsp-response': {
      const response = parseOcspResponse(bytes);
      return response.status === 'successful' ? response : undefined;
    }
    case 'other':
      return undefined;
  }
}
