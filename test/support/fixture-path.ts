import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { certificateListParts, tbsCertListParts } from '../../pki/crl-encode.ts';
import { encodeCrlEntry } from '../../pki/crl-entry.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { context, contextPrimitive } from '../../pki/der/tag.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Extension } from '../../pki/extension.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { crlNumberExtension } from '../../pki/extensions/crl-number.ts';
import { authorityKeyIdentifierExtension } from '../../pki/extensions/key-identifiers.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { parseOcspResponse, encodeOcspResponse, encodeResponseData } from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeSingleResponse } from '../../pki/ocsp-single-response.ts';
import type { SingleResponseFields } from '../../pki/ocsp-single-response.ts';
import { encodeName } from '../../pki/name.ts';
import { AT, CE } from '../../pki/oid.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { authorityTemplate, fixtureCertificate, physicianTemplate } from './fixture-certificate.ts';
import type { CertificateTemplate } from './fixture-certificate.ts';
import { NOON } from './fixture-deployment.ts';
import type { Holder } from './fixture-deployment.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

export interface FixtureOverrides extends Partial<CertificateTemplate> {
  signer?: MemorySigner;
  pathLength?: number;
  /** Beside those of a CA. */
  more?: readonly Extension[];
}

/** A CA below another, or a root. */
export async function fixtureCa(
  commonName: string,
  issuer?: Holder,
  overrides: FixtureOverrides = {},
): Promise<Holder> {
  const { signer = memorySigner(), pathLength, more = [], ...fields } = overrides;
  const template = { ...authorityTemplate(commonName, signer, pathLength), ...fields };
  const extensions = [...template.extensions, ...more];
  return { signer, certificate: await fixtureCertificate({ ...template, extensions }, issuer ?? { signer }) };
}

/** A leaf with a short name and few extensions; override what the test is about. */
export async function fixtureLeaf(issuer: Holder, overrides: FixtureOverrides = {}): Promise<Holder> {
  const { signer = memorySigner(), more = [], ...fields } = overrides;
  const template = {
    ...physicianTemplate(signer.subjectPublicKeyInfo),
    subject: [{ type: AT.commonName, value: 'Fixture Leaf' }],
    extensions: [basicConstraintsExtension({ ca: false }), keyUsageExtension(['digitalSignature'])],
    ...fields,
  };
  const extensions = [...template.extensions, ...more];
  return { signer, certificate: await fixtureCertificate({ ...template, extensions }, issuer) };
}

export interface CrlOverrides {
  number?: number;
  thisUpdate?: Date;
  nextUpdate?: Date;
  entries?: readonly Buffer[];
  extensions?: readonly Extension[];
}

/** A CRL of this morning that lists what is given, until tomorrow. */
export async function fixtureCrl(
  { signer, certificate }: Holder,
  { number = 1, entries = [], extensions = [], ...times }: CrlOverrides = {},
): Promise<CertificateList> {
  const signatureAlgorithm = signatureAlgorithmIdentifier(signer.algorithm);
  const tbs = tbsCertListParts({
    signatureAlgorithm,
    issuer: certificate.subject.bytes,
    thisUpdate: hours(-4),
    nextUpdate: hours(20),
    ...times,
    entries,
    extensions: [
      authorityKeyIdentifierExtension(keyIdentifier(signer.subjectPublicKeyInfo)),
      crlNumberExtension(number),
      ...extensions,
    ],
  });
  const signature = await signer.sign(Buffer.concat(tbs));
  return parseCertificateList(Buffer.concat(certificateListParts(tbs, signatureAlgorithm, signature)));
}

export function crlEntry(
  { serialNumber }: Certificate,
  fields: Partial<Omit<RevokedCertificate, 'serialNumber'>> = {},
): Buffer {
  return encodeCrlEntry({ serialNumber, revokedAt: hours(-24), reason: 'keyCompromise', ...fields });
}

/** An OCSP response of this morning for one certificate, signed by its issuer or another. */
export async function fixtureOcspResponse(
  ...about: Parameters<typeof ocspOctets>
): Promise<BasicOcspResponse> {
  const response = parseOcspResponse(await ocspOctets(...about));
  if (response.status !== 'successful') throw new Error(`answered ${response.status}`);
  return response;
}

/** The same as an OCSPResponse in DER. */
export async function ocspOctets(
  certificate: Certificate,
  issuer: Holder,
  fields: Partial<SingleResponseFields> & { responder?: Holder } = {},
): Promise<Buffer> {
  const { responder = issuer, ...single } = fields;
  const signatureAlgorithm = signatureAlgorithmIdentifier(responder.signer.algorithm);
  const tbsResponseData = encodeResponseData({
    responderKeyHash: keyIdentifier(responder.signer.subjectPublicKeyInfo),
    producedAt: hours(-4),
    responses: [
      encodeSingleResponse({
        certId: encodeCertId('sha1', issuer.certificate, certificate.serialNumber),
        status: { kind: 'good' },
        thisUpdate: hours(-4),
        nextUpdate: hours(20),
        extensions: [],
        ...single,
      }),
    ],
    extensions: [],
  });
  const signature = await responder.signer.sign(tbsResponseData);
  const certificates = responder === issuer ? [] : [responder.certificate.bytes];
  return encodeOcspResponse({ tbsResponseData, signatureAlgorithm, signature, certificates });
}

/** So many hours after noon. */
export function hours(count: number): Date {
  return new Date(NOON.getTime() + count * 3_600_000);
}

/** General names as they are written in alternative names and constraints. */
export const generalName = {
  email: (value: string) => asn1.element(contextPrimitive(1), Buffer.from(value, 'latin1')),
  dns: (value: string) => asn1.element(contextPrimitive(2), Buffer.from(value, 'latin1')),
  uri: (value: string) => asn1.element(contextPrimitive(6), Buffer.from(value, 'latin1')),
  ip: (hex: string) => asn1.element(contextPrimitive(7), Buffer.from(hex, 'hex')),
  directory: (...organizations: string[]) =>
    asn1.explicit(4, encodeName(organizations.map((value) => ({ type: AT.organizationName, value })))),
  other: (type: string) =>
    asn1.implicit(0, asn1.sequence(asn1.oid(type), asn1.explicit(0, asn1.utf8String('x')))),
  registeredId: () => asn1.element(contextPrimitive(8), Buffer.from([0x2a])),
};

export function alternativeNames(...names: readonly Buffer[]): Extension {
  return { oid: CE.subjectAltName, critical: false, value: asn1.sequence(...names) };
}

export function nameConstraints({
  permitted = [],
  excluded = [],
}: {
  permitted?: readonly Buffer[];
  excluded?: readonly Buffer[];
}): Extension {
  const list = (tag: number, bases: readonly Buffer[]) =>
    bases.length === 0 ? [] : [asn1.element(context(tag), ...bases.map((base) => asn1.sequence(base)))];
  const value = asn1.sequence(...list(0, permitted), ...list(1, excluded));
  return { oid: CE.nameConstraints, critical: true, value };
}

export function policies(...oids: readonly string[]): Extension {
  const value = asn1.sequence(...oids.map((oid) => asn1.sequence(asn1.oid(oid))));
  return { oid: CE.certificatePolicies, critical: false, value };
}

export function policyMappings(...pairs: readonly (readonly [string, string])[]): Extension {
  const value = asn1.sequence(...pairs.map((pair) => asn1.sequence(...pair.map(asn1.oid))));
  return { oid: CE.policyMappings, critical: true, value };
}

export function policyConstraints(fields: { explicit?: number; mapping?: number }): Extension {
  const skip = (tag: number, count: number | undefined) =>
    count === undefined ? [] : [asn1.implicit(tag, asn1.integer(count))];
  const value = asn1.sequence(...skip(0, fields.explicit), ...skip(1, fields.mapping));
  return { oid: CE.policyConstraints, critical: true, value };
}

export function inhibitAnyPolicy(skip: number): Extension {
  return { oid: CE.inhibitAnyPolicy, critical: true, value: asn1.integer(skip) };
}
