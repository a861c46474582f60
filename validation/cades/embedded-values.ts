import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { valuesOf } from '../../pki/cms/attribute.ts';
import type { CmsAttribute } from '../../pki/cms/attribute.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import type { Cursor } from '../../pki/der/decode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';

/** A signature with the evidence of a few countersigners; beyond it, nothing more is read. */
const VALUES_MAX = 128;

/** Certificates in a certificate-values attribute (EN 319 122-1 Annex A.1.1.2); what cannot be read is passed over. */
export function certificateValues(attributes: readonly CmsAttribute[]): Certificate[] {
  return valuesOf(attributes, CMS.certificateValues)
    .flatMap((value) => readable(() => elementsOf(openWhole(value, TAG.sequence, 'ber'))))
    .flatMap((bytes) => readable(() => [parseCertificate(bytes)]));
}

/** CRLs and OCSP responses in a revocation-values attribute (Annex A.1.2.2); what cannot be read is passed over. */
export function revocationValues(attributes: readonly CmsAttribute[]): EmbeddedRevocation[] {
  return valuesOf(attributes, CMS.revocationValues).flatMap((value) => readable(() => readValues(value)));
}

function readValues(value: Buffer): EmbeddedRevocation[] {
  const fields = openWhole(value, TAG.sequence, 'ber');
  const crls = fields.intoOptional(context(0))?.into(TAG.sequence);
  const responses = fields.intoOptional(context(1))?.into(TAG.sequence);
  return [...listed('crl', crls), ...listed('basic-ocsp-response', responses)];
}

function listed(kind: EmbeddedRevocation['kind'], list: Cursor | undefined): EmbeddedRevocation[] {
  return list ? elementsOf(list).map((bytes) => ({ kind, bytes })) : [];
}

function elementsOf(list: Cursor): Buffer[] {
  const elements: Buffer[] = [];
  while (!list.atEnd && elements.length < VALUES_MAX) elements.push(list.next().bytes);
  return elements;
}

function readable<Value>(read: () => Value[]): Value[] {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [];
  }
}
