import * as asn1 from '../../../../pki/der/encode.ts';
import { contextPrimitive } from '../../../../pki/der/tag.ts';
import { encodeDirectoryName, encodeUri } from '../../../../pki/extensions/general-name.ts';
import { CE } from '../../../../pki/oid.ts';
import type { CertificateCases } from '../../../support/lint-cases.ts';
import { linted } from '../../../support/lint-certificate.ts';

const alternatives = (...names: Buffer[]) => ({
  with: [{ oid: CE.subjectAltName, critical: false, value: asn1.sequence(...names) }],
});

export const cases: CertificateCases = {
  pass: {
    'a permanent identifier': linted('signing'),
    'a URI': linted('officer', alternatives(encodeUri('http://a.test/'))),
  },
  error: {
    'an empty list': linted('signing', alternatives()),
    'an empty URI': linted('signing', alternatives(asn1.element(contextPrimitive(6)))),
    'an empty directory name': linted('signing', alternatives(encodeDirectoryName(asn1.sequence()))),
  },
  'not-applicable': { 'a certificate without alternatives': linted('officer') },
};
