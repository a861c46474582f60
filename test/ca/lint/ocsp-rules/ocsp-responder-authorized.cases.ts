import { generateKeyPairSync } from 'node:crypto';

import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintCertificate } from '../../../support/lint-certificate.ts';
import {
  byKey,
  byName,
  lintedOcsp,
  OCSP_ISSUER,
  OCSP_RESPONDER,
  TRY_LATER,
} from '../../../support/lint-ocsp.ts';

const otherKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });

export const cases: OcspCases = {
  pass: {
    'a responder of this CA': lintedOcsp({}, { issuer: OCSP_ISSUER }),
    'a responder that is named by its name': lintedOcsp(
      { responderId: byName(OCSP_RESPONDER.subject.bytes) },
      { issuer: OCSP_ISSUER },
    ),
    'a responder of a CA that is not at hand': lintedOcsp(),
  },
  error: {
    'no certificate': lintedOcsp({ certificates: [] }, { issuer: OCSP_ISSUER }),
    'the certificate of somebody else': lintedOcsp(
      { responderId: byKey(Buffer.alloc(20)) },
      { issuer: OCSP_ISSUER },
    ),
    'a certificate without OCSPSigning': lintedOcsp(
      { certificates: [lintCertificate('time-stamping')] },
      { issuer: OCSP_ISSUER },
    ),
    'a responder of another CA': lintedOcsp(
      {},
      { issuer: lintCertificate('root', { subjectPublicKeyInfo: otherKey }) },
    ),
  },
  'not-applicable': {
    'the CA itself': lintedOcsp(
      { responderId: byName(OCSP_ISSUER.subject.bytes), certificates: [] },
      { issuer: OCSP_ISSUER },
    ),
    'no certificate for a CA that is not at hand': lintedOcsp({ certificates: [] }),
    'a response without an answer': TRY_LATER,
  },
};
