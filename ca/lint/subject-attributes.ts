import type { Certificate } from '../../pki/certificate.ts';
import type { NameAttribute } from '../../pki/name.ts';

const flattened = new WeakMap<Certificate, readonly NameAttribute[]>();

/** The attributes of the subject in their order, whatever relative names they stand in. */
export function subjectAttributes(certificate: Certificate): readonly NameAttribute[] {
  let attributes = flattened.get(certificate);
  if (!attributes) {
    attributes = certificate.subject.rdns.flat();
    flattened.set(certificate, attributes);
  }
  return attributes;
}
