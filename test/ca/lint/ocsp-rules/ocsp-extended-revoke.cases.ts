import * as asn1 from '../../../../pki/der/encode.ts';
import type { Extension } from '../../../../pki/extension.ts';
import { certHashExtension, extendedRevokeExtension } from '../../../../pki/ocsp-extensions.ts';
import type { OcspCases } from '../../../support/lint-cases.ts';
import { lintedOcsp, singleAnswer, TRY_LATER } from '../../../support/lint-ocsp.ts';

const neverIssued = (extensions: Extension[] = []) =>
  singleAnswer({
    status: { kind: 'revoked', revokedAt: new Date(0), reason: 'certificateHold' },
    extensions,
  });

export const cases: OcspCases = {
  pass: {
    'a number that was never issued': lintedOcsp({
      responses: [neverIssued()],
      extensions: [extendedRevokeExtension()],
    }),
  },
  error: {
    'one without extended-revoke': lintedOcsp({ responses: [neverIssued()] }),
    'an extended-revoke with a value': lintedOcsp({
      responses: [neverIssued()],
      extensions: [{ ...extendedRevokeExtension(), value: asn1.sequence() }],
    }),
    'another reason': lintedOcsp({
      responses: [singleAnswer({ status: { kind: 'revoked', revokedAt: new Date(0) }, extensions: [] })],
      extensions: [extendedRevokeExtension()],
    }),
    'a CertHash of nothing': lintedOcsp({
      responses: [neverIssued([certHashExtension(Buffer.alloc(32))])],
      extensions: [extendedRevokeExtension()],
    }),
  },
  'not-applicable': { 'a good certificate': lintedOcsp(), 'a response without an answer': TRY_LATER },
};
