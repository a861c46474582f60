import { KP } from '../../../pki/oid.ts';
import { error } from '../finding.ts';
import { isResponder, responderCertificate } from '../linted-ocsp-response.ts';
import type { OcspLint } from '../linted-ocsp-response.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** A delegated responder's certificate is sent along, names OCSPSigning, and comes from the very CA that is asked about. */
export const ocspResponderAuthorized: OcspLint = {
  id: 'ocsp-responder-authorized',
  source: 'RFC 6960 §4.2.2.2',
  check({ response, issuer }) {
    if (response.status !== 'successful' || (issuer && isResponder(response, issuer)))
      return 'not-applicable';
    const responder = responderCertificate(response);
    if (!responder) {
      // Without any certificate the CA itself may have signed, and is known to whoever asks.
      const unknown = issuer === undefined && response.certificates.length === 0;
      return unknown ? 'not-applicable' : error('the certificate of the responder is missing');
    }
    const purposes = parsedExtensions(responder).extendedKeyUsage ?? [];
    if (!purposes.includes(KP.ocspSigning)) return error("the responder's certificate has no OCSPSigning");
    const direct = !issuer || responder.issuer.bytes.equals(issuer.subject.bytes);
    return direct ? 'pass' : error('the CA has not issued the certificate of the responder');
  },
};
