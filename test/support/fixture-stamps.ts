import { parseTstInfo, encodeTstInfo } from '../../pki/tsp/tst-info.ts';
import type { TstInfo } from '../../pki/tsp/tst-info.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { encodeSignedAttributes, encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { signingCertificateV2Attribute } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { digest, digestIdentifier, digestOid } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { CMS, KP } from '../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { signToken } from '../../tsa/sign-token.ts';
import type { CertificateTemplate } from './fixture-certificate.ts';
import type { Holder } from './fixture-deployment.ts';
import { fixtureCa, fixtureCrl, fixtureLeaf } from './fixture-path.ts';
import type { FixtureOverrides } from './fixture-path.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

/** An authority that stamps with any time that a test wants. */
export interface Stamper extends Holder {
  /** CRL of its issuer, to embed; absent: it is the deployment's own. */
  crl?: Buffer;
  issuer: Holder;
}

export interface StampOptions {
  digestName?: DigestName;
  /** Beside what is usual in a token. */
  fields?: Partial<TstInfo>;
  /** Unsigned attributes of the token's signer. */
  unsigned?: readonly Buffer[];
  withCertificates?: boolean;
}

export const STAMPING_EXTENSIONS: CertificateTemplate['extensions'] = [
  keyUsageExtension(['digitalSignature']),
  extendedKeyUsageExtension([KP.timeStamping], true),
];

/** A root of its own and an authority below it, for ten years and for as long as is said. */
export async function foreignStamper(
  name: string,
  overrides: FixtureOverrides = {},
  issuerSigner: MemorySigner = memorySigner(),
): Promise<Stamper> {
  const long = { notAfter: new Date('2036-12-31T00:00:00Z') };
  const issuer = await fixtureCa(name, undefined, { ...long, signer: issuerSigner });
  const unit = await fixtureLeaf(issuer, { ...long, extensions: STAMPING_EXTENSIONS, ...overrides });
  const crl = await fixtureCrl(issuer, { nextUpdate: long.notAfter });
  return { ...unit, issuer, crl: crl.bytes };
}

/** A token over a hash. */
export async function stamp(
  stamper: Stamper,
  hash: Buffer,
  genTime: Date,
  { digestName = 'sha256', fields = {}, unsigned = [], withCertificates = true }: StampOptions = {},
): Promise<Buffer> {
  const info: TstInfo = {
    policy: '2.999.1',
    digestOid: digestOid(digestName),
    hash,
    serialNumber: Buffer.from([1]),
    genTime,
    ordering: false,
    ...fields,
  };
  const { signer, certificate } = stamper;
  const tstInfo = encodeTstInfo(info);
  parseTstInfo(tstInfo);
  const token = await signToken({ signer, certificate, chain: [] }, tstInfo, withCertificates);
  return unsigned.length > 0 ? withUnsigned(token, ...unsigned) : token;
}

/** A signature-time-stamp as an unsigned attribute. */
export async function signatureStamp(
  signature: Buffer,
  stamper: Stamper,
  genTime: Date,
  options: StampOptions = {},
): Promise<Buffer> {
  const [signer] = parseSignedData(signature).signerInfos;
  const hash = digest(options.digestName ?? 'sha256', signer.signature);
  return encodeAttribute(CMS.signatureTimeStamp, await stamp(stamper, hash, genTime, options));
}

/** archive-time-stamp-v3 over everything that is in a signature (ETSI EN 319 122-1 §5.5.3). */
export async function archiveStamp(
  signature: Buffer,
  stamper: Stamper,
  genTime: Date,
  options: StampOptions & { content?: Buffer; index?: Buffer } = {},
): Promise<Buffer> {
  const { digestName = 'sha256' } = options;
  const signedData = parseSignedData(signature);
  const [signer] = signedData.signerInfos;
  const content = options.content ?? signedData.content ?? Buffer.alloc(0);
  const hashes = (parts: Buffer[]) =>
    asn1.sequence(...parts.map((part) => asn1.octetString(digest(digestName, part))));
  const values = signer.unsignedAttributes.flatMap(({ type, values: list }) =>
    list.map((value) => Buffer.concat([asn1.oid(type), value])),
  );
  const index =
    options.index ??
    asn1.sequence(
      digestIdentifier(digestName),
      hashes(signedData.certificates.map(({ bytes }) => bytes)),
      hashes(signedData.revocationChoices),
      hashes(values),
    );
  const imprint = digest(
    digestName,
    Buffer.concat([
      asn1.oid(signedData.contentType),
      digest(digestName, content),
      signer.signedFields,
      index,
    ]),
  );
  const unsigned = [encodeAttribute(CMS.atsHashIndexV3, index)];
  const token = await stamp(stamper, imprint, genTime, { ...options, unsigned });
  return encodeAttribute(CMS.archiveTimeStampV3, token);
}

/** revocation-values with CRLs and BasicOCSPResponses. */
export function revocationValuesAttribute(
  crls: readonly Buffer[],
  responses: readonly Buffer[] = [],
): Buffer {
  const lists = [crls, responses].map((list) => asn1.sequence(...list));
  return encodeAttribute(
    CMS.revocationValues,
    asn1.sequence(asn1.explicit(0, lists[0]), asn1.explicit(1, lists[1])),
  );
}

export function certificateValuesAttribute(certificates: readonly Buffer[]): Buffer {
  return encodeAttribute(CMS.certificateValues, asn1.sequence(...certificates));
}

/** The SignedData with more unsigned attributes of its only signer. */
export function withUnsigned(signature: Buffer, ...attributes: readonly Buffer[]): Buffer {
  const contentInfo = openWhole(signature);
  const type = contentInfo.read(TAG.oid).bytes;
  const signedData = contentInfo.into(context(0)).into(TAG.sequence);
  const fields = [...signedData.elements()].map(({ bytes }) => bytes);
  const signerInfos = openWhole(fields[fields.length - 1], TAG.set);
  const signer = [...signerInfos.into(TAG.sequence).elements()];
  const last = signer[signer.length - 1];
  const before = last.tag === context(1) ? signer.slice(0, -1) : signer;
  const present = last.tag === context(1) ? [last.content] : [];
  const unsigned = asn1.element(context(1), ...present, ...attributes);
  const changed = asn1.sequence(...before.map(({ bytes }) => bytes), unsigned);
  const whole = asn1.sequence(...fields.slice(0, -1), asn1.setOf(changed));
  return asn1.sequence(type, asn1.explicit(0, whole));
}

export interface FreeSignature {
  content: Buffer;
  holder: Holder;
  chain?: readonly Certificate[];
  signingTime?: Date | undefined;
  /** Signed attributes beside the usual ones. */
  attributes?: readonly Buffer[];
}

/** CAdES with whatever signed attributes a test wants. */
export async function signFreely(free: FreeSignature): Promise<Buffer> {
  const { content, holder, chain = [], signingTime, attributes = [] } = free;
  const { signer, certificate } = holder;
  const signedAttributes = [
    encodeAttribute(CMS.contentType, asn1.oid(CMS.data)),
    encodeAttribute(CMS.messageDigest, asn1.octetString(digest('sha256', content))),
    signingCertificateV2Attribute(certificate),
    ...(signingTime ? [encodeAttribute(CMS.signingTime, asn1.time(signingTime))] : []),
    ...attributes,
  ];
  const signerInfo = {
    certificate,
    digestAlgorithm: digestIdentifier('sha256'),
    signedAttributes,
    signatureAlgorithm: signatureAlgorithmIdentifier(signer.algorithm),
    signature: await signer.sign(encodeSignedAttributes(signedAttributes)),
  };
  const certificates = [certificate, ...chain].map(({ bytes }) => bytes);
  return encodeSignedData({ content, certificates, signerInfos: [signerInfo] });
}
