import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { DomainError } from '../../core/errors.ts';
import { syntheticNationalId } from '../../core/national-id.ts';
import { readAsicManifest } from '../../formats/asic/asic-manifest.ts';
import { parseJsonObject } from '../../formats/jws/json-value.ts';
import { readJws } from '../../formats/jws/read-jws.ts';
import { canonicalize } from '../../formats/xml/canonicalize.ts';
import { parseXml } from '../../formats/xml/parse-xml.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import { parseKeyDescription } from '../../keys/attestation/android-key-description.ts';
import { parseAndroidStatusList } from '../../keys/attestation/android-status-list.ts';
import { readCbor } from '../../keys/attestation/cbor-reader.ts';
import { judgeKeyAttestation } from '../../keys/attestation/judge-key-attestation.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { parsePkcs11Uri } from '../../keys/pkcs11-uri.ts';
import { readPublicKeyParts } from '../../keys/quality/public-key-parts.ts';
import { assertionFault } from '../../pki/approval/assertion.ts';
import {
  APPROVAL_SCHEMA,
  parseApprovalDocument,
  encodeApprovalDocument,
} from '../../pki/approval/approval-document.ts';
import type { ApprovalDocument } from '../../pki/approval/approval-document.ts';
import { parseKeyAttestation, encodeKeyAttestation } from '../../pki/attestation/key-attestation.ts';
import { parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG, context } from '../../pki/der/tag.ts';
import { parseAdmission } from '../../pki/extensions/admission.ts';
import { parseAuthorityInfoAccess } from '../../pki/extensions/authority-information-access.ts';
import { parseCertificatePolicies } from '../../pki/extensions/certificate-policies.ts';
import { parseCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts';
import { parseIssuingDistributionPoint } from '../../pki/extensions/issuing-distribution-point.ts';
import {
  parseAuthorityKeyIdentifier,
  parseSubjectKeyIdentifier,
} from '../../pki/extensions/key-identifiers.ts';
import { parseQcStatements } from '../../pki/extensions/qc-statements.ts';
import { parseSubjectAltName, permanentIdentifierOf } from '../../pki/extensions/subject-alternative-name.ts';
import { nameKey, nameText, parseName } from '../../pki/name.ts';
import { rfc4514Text } from '../../pki/name-rfc4514.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest, parseOcspRequest } from '../../pki/ocsp-request.ts';
import { parseBasicOcspResponse, parseOcspResponse } from '../../pki/ocsp-response.ts';
import { decodePem, encodePem } from '../../pki/pem.ts';
import { importPublicKey } from '../../pki/public-key.ts';
import { parseAcceptanceDocument, parseRenewalDocument } from '../../pki/renewal/renewal-document.ts';
import { parseSignatureAlgorithm } from '../../pki/signature-algorithm.ts';
import { encodeTimeStampRequest, parseTimeStampRequest } from '../../pki/tsp/time-stamp-request.ts';
import { encodeGrantedTimeStamp, parseTimeStampResponse } from '../../pki/tsp/time-stamp-response.ts';
import { parseTimeStampToken } from '../../pki/tsp/time-stamp-token.ts';
import { readPrescription } from '../../prescriptions/read-prescription.ts';
import { readCardList } from '../../ra/cards/read-card-list.ts';
import { parseLicenceMessage } from '../../ra/licence/licence-message.ts';
import { readEstRequest } from '../../api/est/est-base64.ts';
import { readBasicCredentials } from '../../api/est/basic-credentials.ts';
import { signAsic } from '../../signing/asic/sign-asic.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { signJades } from '../../signing/jades/sign-jades.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import { readSealedReport } from '../../validation/dossier/read-sealed-report.ts';
import { namesOf } from '../../validation/path/name-forms.ts';
import { pathFactsOf } from '../../validation/path/path-facts.ts';
import { parsePolicyFile } from '../../validation/policy-file.ts';
import { pointsOf } from '../../validation/revocation/crl-scope.ts';
import { readSignatures } from '../../validation/signature-formats.ts';
import { appleStatement, androidStatement, keyDescription, manufacturer, policyOf } from './attestations.ts';
import { FixtureDeployment, NOON } from './fixture-deployment.ts';
import {
  alternativeNames,
  crlEntry,
  fixtureCrl,
  generalName,
  nameConstraints,
  ocspOctets,
  policies,
} from './fixture-path.ts';
import { signatureStamp, stamp, withUnsigned } from './fixture-stamps.ts';
import { memorySigner } from './memory-signer.ts';
import { compressedPdf, pdfOf } from './pdf-samples.ts';
import { VECTORS } from './pkits.ts';
import { fhirDocument, fhirXmlDocument, socialSecurityDocument } from './prescriptions.ts';
import { PdfDesk } from './signed-pdfs.ts';

/** A parser of octets that come from outside, with real ones that it reads. */
export interface HostileParser {
  name: string;
  /** Which bombs are for it. */
  family: Family;
  corpus: readonly Buffer[];
  /** Reads, and follows what is read to where it is used; throws DomainError for what it refuses. */
  read: (bytes: Buffer) => unknown;
}

export type Family = 'der' | 'cbor' | 'json' | 'xml' | 'pdf' | 'zip' | 'text' | 'any';

/** Every parser that octets of strangers reach without somebody vouching for them first. */
export async function hostileParsers(): Promise<HostileParser[]> {
  const signed = await signedDocuments();
  const der = await derCorpora(signed.cades);
  return [
    ...derParsers(der),
    ...(await attestationParsers()),
    ...documentParsers(signed),
    ...textParsers(der.requests[0]),
  ];
}

interface SignedDocuments {
  deployment: FixtureDeployment;
  cades: Buffer;
  stamped: Buffer;
  jades: Buffer[];
  xades: Buffer[];
  pades: Buffer[];
  asic: Buffer[];
}

async function signedDocuments(): Promise<SignedDocuments> {
  const desk = await PdfDesk.create();
  const { deployment, doctor } = desk;
  const content = Buffer.from(fhirDocument().content, 'base64');
  const xml = Buffer.from(fhirXmlDocument().content, 'base64');
  const terms = { ...doctor, algorithm: doctor.signer.algorithm, signingTime: NOON };
  const cades = await signCades({ content, ...terms });
  const files = [{ name: 'a.txt', bytes: content, mediaType: 'text/plain' }];
  const stamper = { ...doctor, issuer: deployment.bronze };
  return {
    deployment,
    cades,
    stamped: withUnsigned(cades, await signatureStamp(cades, stamper, NOON)),
    jades: await Promise.all(
      (['compact', 'flattened', 'general'] as const).map(async (serialization) =>
        Buffer.from(await signJades({ content, ...terms, serialization })),
      ),
    ),
    xades: [await signXades({ subject: { packaging: 'enveloped', content: xml }, ...terms })],
    pades: [await desk.sign(), await desk.sign(compressedPdf()), pdfOf()],
    asic: await Promise.all((['XAdES', 'CAdES'] as const).map((form) => signAsic({ files, form, ...terms }))),
  };
}

type DerCorpora = Awaited<ReturnType<typeof derCorpora>>;

async function derCorpora(cms: Buffer) {
  const deployment = await FixtureDeployment.create();
  const { bronze } = deployment;
  const signer = memorySigner();
  const doctor = await deployment.issue(signer);
  const { certificate } = doctor;
  const crl = await fixtureCrl(bronze, { number: 5, entries: [crlEntry(certificate)] });
  const token = await stamp({ ...doctor, issuer: bronze }, Buffer.alloc(32, 1), NOON);
  const ocsp = await ocspOctets(certificate, bronze);
  const imprint = { digestOid: '2.16.840.1.101.3.4.2.1', hash: Buffer.alloc(32, 1) };
  const extension = [
    nameConstraints({
      permitted: [generalName.dns('a.example')],
      excluded: [generalName.email('b@c.example')],
    }),
    alternativeNames(generalName.dns('a.example'), generalName.uri('http://a.example/')),
    policies('2.999.1', '2.999.2'),
    ...certificate.extensions.values(),
  ];
  return {
    certificates: [
      certificate.bytes,
      bronze.certificate.bytes,
      ...vectors('x509', /(custom\/|^[a-z_]+)\.pem$/),
    ],
    requests: [
      await makeCertificationRequest(signer, [{ type: '2.5.4.3', value: 'Mina Rezaei' }]),
      ...vectors('x509/requests', /\.pem$/),
    ],
    crls: [crl.bytes, ...vectors('x509/custom', /crl.*\.pem$/)],
    ocspRequests: [
      encodeOcspRequest([encodeCertId('sha256', bronze.certificate, certificate.serialNumber)]),
      ...vectors('x509/ocsp', /req.*\.der$/),
    ],
    ocspResponses: [ocsp, ...vectors('x509/ocsp', /resp.*\.der$/)],
    basicOcspResponses: [basicOf(ocsp)],
    cms: [cms, ...vectors('pkcs7', /\.(der|pem)$/)],
    stampRequests: [encodeTimeStampRequest({ ...imprint, certReq: true, nonce: Buffer.from([7]) })],
    stampResponses: [encodeGrantedTimeStamp(token)],
    tokens: [token],
    names: [bronze.certificate.subject.bytes, certificate.subject.bytes],
    keys: [signer.subjectPublicKeyInfo, memorySigner().subjectPublicKeyInfo],
    algorithms: [certificate.signatureAlgorithm],
    extensions: extension.map(({ value }) => value),
  };
}

/** BasicOCSPResponse stands in an OCTET STRING of the ResponseBytes. */
function basicOf(response: Buffer): Buffer {
  const outer = openWhole(response);
  outer.read(TAG.enumerated);
  const bytes = outer.into(context(0)).into(TAG.sequence);
  bytes.read(TAG.oid);
  return bytes.read(TAG.octetString).content;
}

function derParsers(corpora: DerCorpora): HostileParser[] {
  const der = (name: string, corpus: readonly Buffer[], read: (bytes: Buffer) => unknown): HostileParser => ({
    name,
    family: 'der',
    corpus,
    read,
  });
  const extensionReaders = [
    parseAdmission,
    parseAuthorityInfoAccess,
    parseAuthorityKeyIdentifier,
    parseCertificatePolicies,
    parseCrlDistributionPoints,
    parseIssuingDistributionPoint,
    parseQcStatements,
    parseSubjectKeyIdentifier,
    (bytes: Buffer) => permanentIdentifierOf(parseSubjectAltName(bytes)),
  ];
  return [
    der('certificate', corpora.certificates, (bytes) => {
      const certificate = parseCertificate(bytes);
      pathFactsOf(certificate);
      return eachOf(namesOf, pointsOf, publicKeyOf)(certificate);
    }),
    der('certification request', corpora.requests, parseCertificationRequest),
    der('CRL', corpora.crls, (bytes) => {
      const crl = parseCertificateList(bytes);
      crl.revokedCertificates.find(Buffer.from([1]));
      return [...crl.revokedCertificates];
    }),
    der('OCSP request', corpora.ocspRequests, parseOcspRequest),
    der('OCSP response', corpora.ocspResponses, parseOcspResponse),
    der('basic OCSP response', corpora.basicOcspResponses, parseBasicOcspResponse),
    der('CMS', corpora.cms, parseSignedData),
    der('time-stamp request', corpora.stampRequests, parseTimeStampRequest),
    der('time-stamp response', corpora.stampResponses, parseTimeStampResponse),
    der('time-stamp token', corpora.tokens, parseTimeStampToken),
    der('name', corpora.names, (bytes) => {
      const name = parseName(bytes);
      return [nameText(name), nameKey(name), rfc4514Text(name)];
    }),
    der('public key', corpora.keys, eachOf(importPublicKey, readPublicKeyParts)),
    der('signature algorithm', corpora.algorithms, parseSignatureAlgorithm),
    der('extensions', corpora.extensions, eachOf(...extensionReaders)),
  ];
}

async function attestationParsers(): Promise<HostileParser[]> {
  const maker = await manufacturer();
  const subject = memorySigner();
  const { subjectPublicKeyInfo } = subject;
  const nonce = Buffer.alloc(32, 3);
  const key = { subjectPublicKeyInfo, challenge: nonce };
  const android = await androidStatement(maker, key);
  const apple = await appleStatement(maker, key);
  const description = keyDescription({
    version: 300,
    attestationLevel: 1,
    keyLevel: 1,
    challenge: nonce,
    leaf: {},
    hardware: {},
    software: {},
  });
  const judged = (format: 'android-key' | 'apple-appattest', statement: Buffer[]) =>
    judgeKeyAttestation(policyOf(maker), {
      attestation: { format, statement, nonce },
      subjectPublicKeyInfo,
      subject: 'application:1',
      now: NOON,
    });
  const [leaf, ...chain] = android;
  const assertion = {
    clientDataJson: Buffer.from(
      JSON.stringify({ type: 'webauthn.get', challenge: nonce.toString('base64url') }),
    ),
    authenticatorData: Buffer.concat([Buffer.alloc(32), Buffer.from([5]), Buffer.alloc(4)]),
    signature: await subject.sign(nonce),
  };
  const assertionWith = (part: keyof typeof assertion, name: string, family: Family): HostileParser => ({
    name,
    family,
    corpus: [assertion[part]],
    read: (bytes) =>
      assertionFault({ ...assertion, [part]: bytes }, nonce, importPublicKey(subjectPublicKeyInfo)),
  });
  return [
    { name: 'CBOR', family: 'cbor', corpus: apple, read: readCbor },
    {
      name: 'App Attest object',
      family: 'cbor',
      corpus: apple,
      read: (bytes) => judged('apple-appattest', [bytes]),
    },
    {
      name: 'Android attestation chain',
      family: 'der',
      corpus: android,
      read: (bytes) => [judged('android-key', [bytes, ...chain]), judged('android-key', [leaf, bytes])],
    },
    { name: 'Android key description', family: 'der', corpus: [description], read: parseKeyDescription },
    {
      name: 'Android status list',
      family: 'json',
      corpus: [Buffer.from(JSON.stringify({ entries: { cc66: { status: 'REVOKED' } } }))],
      read: (bytes) => parseAndroidStatusList(bytes.toString()),
    },
    {
      name: 'attestation as it is kept',
      family: 'json',
      corpus: [encodeKeyAttestation({ format: 'android-key', statement: android, nonce })],
      read: parseKeyAttestation,
    },
    assertionWith('clientDataJson', 'WebAuthn client data', 'json'),
    assertionWith('authenticatorData', 'WebAuthn authenticator data', 'any'),
    assertionWith('signature', 'WebAuthn signature', 'der'),
  ];
}

function documentParsers({
  deployment,
  cades,
  stamped,
  jades,
  xades,
  pades,
  asic,
}: SignedDocuments): HostileParser[] {
  const signatures = (name: string, family: Family, corpus: readonly Buffer[]): HostileParser => ({
    name: `signatures: ${name}`,
    family,
    corpus,
    read: (bytes) => {
      const { signatures: presented } = readSignatures({
        signature: bytes,
        signingCertificateReference: 'checked-if-present',
      });
      // As the engine does: what is lazy is asked for.
      for (const { signingCertificate, verify, timeStamps } of presented) {
        if (signingCertificate.certificate) verify(signingCertificate.certificate);
        for (const one of timeStamps)
          eachOf(
            () => one.imprint('sha256'),
            () => one.protects,
          )(bytes);
      }
      return presented;
    },
  });
  const manifest = readZip(asic[1]).entries.find(({ name }) => name.includes('ASiCManifest'))!.bytes;
  const digested = { DigestAlgAndValue: {} };
  const report = {
    SignatureValidationReport: [{ SignatureIdentifier: digested }],
    SignatureValidationObjects: { ValidationObject: [{ ValidationObjectRepresentation: digested }] },
    Report: { validatedAt: NOON, proofOfExistence: {} },
  };
  const payload = Buffer.from(JSON.stringify(report)).toString('base64url');
  return [
    signatures('CAdES', 'der', [cades, stamped]),
    signatures('JAdES', 'json', jades),
    signatures('XAdES', 'xml', xades),
    signatures('PAdES', 'pdf', pades),
    signatures('ASiC', 'zip', asic),
    { name: 'JWS', family: 'json', corpus: jades, read: readJws },
    { name: 'JSON object', family: 'json', corpus: [jades[1]], read: parseJsonObject },
    {
      name: 'sealed report',
      family: 'json',
      corpus: [Buffer.from(`eyJhbGciOiJFUzI1NiJ9.${payload}.AAAA`), ...jades],
      read: readSealedReport,
    },
    {
      name: 'XML, canonicalized',
      family: 'xml',
      corpus: [...xades, manifest],
      read: (bytes) => {
        const apex = parseXml(bytes);
        for (const kind of ['inclusive-1.0', 'inclusive-1.1', 'exclusive'] as const)
          canonicalize({ apex }, { kind, comments: true, inclusivePrefixes: [] });
      },
    },
    { name: 'ZIP', family: 'zip', corpus: asic, read: readZip },
    { name: 'ASiC manifest', family: 'xml', corpus: [manifest], read: readAsicManifest },
    {
      name: 'prescription',
      family: 'json',
      corpus: [fhirDocument(), fhirXmlDocument(), socialSecurityDocument()].map(({ content }) =>
        Buffer.from(content, 'base64'),
      ),
      read: readPrescription,
    },
    {
      name: 'prescription in XML',
      family: 'xml',
      corpus: [Buffer.from(fhirXmlDocument().content, 'base64')],
      read: readPrescription,
    },
    {
      name: 'whole documents',
      family: 'any',
      corpus: [cades, ...jades, ...asic],
      read: (bytes) => deployment.validate(bytes),
    },
  ];
}

function textParsers(request: Buffer): HostileParser[] {
  const text = (
    name: string,
    family: Family,
    sound: string,
    read: (text: string) => unknown,
  ): HostileParser => ({
    name,
    family,
    corpus: [Buffer.from(sound)],
    read: (bytes) => read(bytes.toString()),
  });
  const octets = (read: (bytes: Buffer) => unknown) => (sound: string) => read(Buffer.from(sound, 'latin1'));
  const approval: ApprovalDocument = {
    schema: APPROVAL_SCHEMA,
    application: { id: 'a', version: 1, officeId: 'b', filedBy: 'c' },
    certificate: {
      authorityId: 'silver',
      profileId: 'signing-card',
      profileVersion: 1,
      validity: 'P2Y',
      subject: [{ type: 'CN', value: 'Mina Rezaei' }],
      councilNumber: { group: 'm', digits: '12345' },
      key: 'of-the-activation',
    },
    registerAnswers: [{ id: 'a', register: 'council', result: 'MATCH', answeredAt: NOON.toISOString() }],
    approvedBy: 'd',
    preparedAt: NOON.toISOString(),
    nonce: 'AAAA',
  };
  const renewal = {
    certificate: { authority: 'silver', serialNumber: 'aa'.repeat(16) },
    certificationRequest: 'AAAA',
    type: 'mohr-renewal-request',
  };
  const acceptance = { certificateSha256: 'a'.repeat(64), renewal: 'x', type: 'mohr-renewal-acceptance' };
  const licence = {
    messageId: 'a',
    councilNumber: { group: 'physician', digits: '12345' },
    nationalId: syntheticNationalId(1),
    sequence: 1,
    event: 'suspended',
  };
  const policy = { id: 'insurer', requiredLevel: 'B-T', rules: { off: ['prescription-date'] } };
  const approvalBytes = encodeApprovalDocument(approval).bytes;
  return [
    text('PEM', 'text', encodePem('CERTIFICATE', Buffer.alloc(300, 1)), (pem) =>
      decodePem(pem, ['CERTIFICATE']),
    ),
    text('EST body', 'text', request.toString('base64'), readEstRequest),
    text('basic credentials', 'text', `Basic ${Buffer.from('a:b').toString('base64')}`, readBasicCredentials),
    text(
      'PKCS#11 URI',
      'text',
      'pkcs11:token=a%20b;object=c?module-path=/usr/lib/a.so&pin-source=file:/d',
      parsePkcs11Uri,
    ),
    text('card list in CSV', 'text', 'serial,x\nA1,"b"\nA2,c\n', (list) => readCardList(list, 'csv')),
    text('card list in JSON', 'json', '{"serial":"A1"}\n{"serial":"A2"}\n', (list) =>
      readCardList(list, 'ndjson'),
    ),
    text('licence message', 'json', JSON.stringify(licence), octets(parseLicenceMessage)),
    text('approval', 'json', approvalBytes.toString(), octets(parseApprovalDocument)),
    text('renewal', 'json', JSON.stringify(renewal), octets(parseRenewalDocument)),
    text('acceptance of a renewal', 'json', JSON.stringify(acceptance), octets(parseAcceptanceDocument)),
    text('validation policy', 'json', JSON.stringify(policy), parsePolicyFile),
  ];
}

/** Asks all of them, also where one refuses; throws what is no refusal. */
function eachOf<Input>(...reads: readonly ((input: Input) => unknown)[]): (input: Input) => void {
  return (input) => {
    for (const read of reads) {
      try {
        read(input);
      } catch (cause) {
        if (!(cause instanceof DomainError)) throw cause;
      }
    }
  };
}

const VECTORS_MAX = 40;

/** Samples of Python's cryptography, as DER. */
function vectors(folder: string, names: RegExp): Buffer[] {
  const root = join(VECTORS, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name) && !name.startsWith('PKITS'))
    .sort()
    .slice(0, VECTORS_MAX)
    .map((name) => readFileSync(join(root, name)))
    .map((bytes) => decodePem(bytes.toString('latin1'), PEM_LABELS)[0]?.bytes ?? bytes)
    .filter(({ length }) => length < 6_000);
}

const PEM_LABELS = ['CERTIFICATE', 'CERTIFICATE REQUEST', 'X509 CRL', 'PKCS7'];
