import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { parseBasicOcspResponse, parseOcspResponse } from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { RevocationEvidence } from './revocation-evidence.ts';

/** The CRLs and OCSP responses that a signer embedded; what cannot be read proves nothing and is passed over. */
export function embeddedEvidence(embedded: readonly EmbeddedRevocation[]): RevocationEvidence {
  const crls: CertificateList[] = [];
  const ocspResponses: BasicOcspResponse[] = [];
  for (const one of embedded) {
    try {
      read(one, crls, ocspResponses);
    } catch (cause) {
      if (!(cause instanceof PkiError)) throw cause;
    }
  }
  return new RevocationEvidence({ crls, ocspResponses });
}

function read(
  { kind, bytes }: EmbeddedRevocation,
  crls: CertificateList[],
  ocspResponses: BasicOcspResponse[],
): void {
  switch (kind) {
    case 'crl':
      crls.push(parseCertificateList(bytes));
      return;
    case 'basic-ocsp-response':
      ocspResponses.push(parseBasicOcspResponse(bytes));
      return;
    case 'ocsp-response': {
      const response = parseOcspResponse(bytes);
      if (response.status === 'successful') ocspResponses.push(response);
      return;
    }
    case 'other':
      return;
  }
}
