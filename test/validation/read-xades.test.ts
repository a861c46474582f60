import t from 'tap';

import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { signAsic } from '../../signing/asic/sign-asic.ts';
import { assembleXades, prepareXades, signXades } from '../../signing/xades/sign-xades.ts';
import type { XadesRequest, XadesSubject } from '../../signing/xades/xades-request.ts';
import { readXades } from '../../validation/xades/read-xades.ts';
import type { SignatureInput } from '../../validation/presented-signature.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { signedXml } from '../support/signed-xml.ts';

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const colleague = await deployment.issue();
const report = Buffer.from('<report xmlns="urn:example:his"><item n="1"/>متن</report>');

t.test('says what a signature says of itself', async (t) => {
  const signature = await sign({ packaging: 'enveloped', content: report });
  const [presented] = read(signature).signatures;
  t.match(presented, {
    format: 'XAdES',
    packaging: 'enveloped',
    claimedSigningTime: NOON,
    algorithms: { digest: 'sha256', scheme: { kind: 'ecdsa' } },
    bindsCertificate: true,
    reasons: [],
    timeStamps: [],
  });
  t.match(presented.id, /^id-/);
  t.same(presented.signingCertificate.certificate?.bytes, doctor.certificate.bytes);
  t.strictSame(
    presented.contents.map(({ bytes, mediaType }) => [bytes.toString(), mediaType]),
    [[report.toString().replace('<item n="1"/>', '<item n="1"></item>'), 'application/xml']],
  );
});

t.test('gives what an enveloping signature envelops, octet by octet', async (t) => {
  const content = Buffer.from([0, 255, 13, 10, 60]);
  const signature = await sign({ packaging: 'enveloping', content, mediaType: 'image/png' });
  t.match(read(signature).signatures[0], {
    packaging: 'enveloping',
    contents: [{ bytes: content, mediaType: 'image/png' }],
  });
});

t.test('content that was not handed in is missing, and another one is found', async (t) => {
  const contents = [{ uri: 'a.txt', bytes: Buffer.from('a') }];
  const signature = await sign({ packaging: 'detached', contents });
  const missing = { indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND' };
  t.match(await deployment.validate(signature), missing);
  const byName = (name: string, text: string) => ({ contentsByName: new Map([[name, Buffer.from(text)]]) });
  t.match(await deployment.validate(signature, byName('b.txt', 'a')), missing);
  t.match(await deployment.validate(signature, byName('a.txt', 'a')), { indication: 'TOTAL-PASSED' });
  t.match(await deployment.validate(signature, byName('a.txt', 'b')), {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
  });
});

t.test('two signers of one document, each beside the other', async (t) => {
  const first = await sign({ packaging: 'enveloped', content: report }, { besideOthers: true });
  const both = await sign({ packaging: 'enveloped', content: first }, {}, colleague);
  const verdict = await deployment.validate(both);
  t.match(verdict, { indication: 'TOTAL-PASSED', signatures: [{}, {}] });
  t.equal(new Set(verdict.signatures.map(({ certificate }) => certificate?.serialNumber)).size, 2);
  const alone = await sign({ packaging: 'enveloped', content: report });
  await t.rejects(sign({ packaging: 'enveloped', content: alone }), { code: 'document-format' });
});

t.test('what somebody else signs is the same as what a signer here signs', async (t) => {
  const request: XadesRequest = {
    subject: { packaging: 'enveloped', content: report },
    certificate: doctor.certificate,
    signingTime: NOON,
    algorithm: 'ecdsa-sha256',
  };
  const prepared = prepareXades(request);
  const value = await doctor.signer.sign(prepared.signedOctets);
  t.match(await deployment.validate(assembleXades(prepared, value)), { indication: 'TOTAL-PASSED' });
  const other = await doctor.signer.sign(Buffer.from('something else'));
  t.match(await deployment.validate(assembleXades(prepared, other)), { subIndication: 'SIG_CRYPTO_FAILURE' });
});

t.test('refuses to sign with the certificate of another', async (t) => {
  const subject: XadesSubject = { packaging: 'enveloped', content: report };
  const mixed = { signer: doctor.signer, certificate: colleague.certificate };
  await t.rejects(sign(subject, {}, mixed), { code: 'signer-certificate-mismatch' });
});

t.test('a signed hash decides which certificate is the signer’s', async (t) => {
  const signature = (await sign({ packaging: 'enveloped', content: report })).toString();
  const own = doctor.certificate.bytes.toString('base64');
  const swapped = Buffer.from(signature.replace(own, colleague.certificate.bytes.toString('base64')));
  t.match(await deployment.validate(swapped), {
    indication: 'INDETERMINATE',
    subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
  });
});

t.test('plain XML signatures are accepted as plain CMS is', async (t) => {
  const signature = await signedXml(doctor, `<r>{signature}</r>`, [ENVELOPED]);
  t.match(await deployment.validate(signature), {
    indication: 'TOTAL-PASSED',
    signatures: [{ format: 'XML-DSig' }],
    reasons: [{ code: 'signing-certificate-unbound-accepted' }],
  });
  const required = { ...deployment.policy, signingCertificateReference: 'required' } as const;
  t.match(await deployment.validate(signature, { policy: required }), {
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
});

const ENVELOPED = { uri: '', transforms: [`${NAMESPACE.signature}enveloped-signature`, NAMESPACE.exclusive] };

t.test('a countersignature is reported below what it countersigns', async (t) => {
  const signature = (await sign({ packaging: 'enveloped', content: report })).toString();
  const valueId = /<ds:SignatureValue Id="([^"]+)"/.exec(signature)![1];
  const type = 'http://uri.etsi.org/01903#CountersignedSignature';
  const property =
    `<xades:UnsignedProperties xmlns:xades="${NAMESPACE.xades}"><xades:UnsignedSignatureProperties>` +
    '<xades:CounterSignature>{signature}</xades:CounterSignature></xades:UnsignedSignatureProperties></xades:UnsignedProperties>';
  const within = signature.replace(
    '</xades:QualifyingProperties>',
    `${property}</xades:QualifyingProperties>`,
  );
  const references = [{ uri: `#${valueId}`, transforms: [NAMESPACE.exclusive], type }];
  const inside = await signedXml(colleague, within, references);
  const [presented] = read(inside).signatures;
  t.equal(presented.counterSignatures.length, 1);
  t.equal(presented.counterSignatures[0].verify(colleague.certificate).verdict, 'PASSED');
  t.match(await deployment.validate(inside), {
    indication: 'TOTAL-PASSED',
    signatures: [{ counterSignatures: [{ indication: 'TOTAL-PASSED' }] }],
  });

  const own = await signedXml(colleague, within, [{ ...ENVELOPED }]);
  t.match(read(own).signatures[0].counterSignatures[0].reasons, [{ code: 'signature-malformed' }]);
});

t.test('a countersignature may stand beside, in a document of several', async (t) => {
  const signature = (await sign({ packaging: 'enveloping', content: report })).toString();
  const valueId = /<ds:SignatureValue Id="([^"]+)"/.exec(signature)![1];
  const both = `<all>${signature.replace(/^<\?xml[^>]*>\n/, '')}{signature}</all>`;
  const beside = await signedXml(colleague, both, [
    { uri: `#${valueId}`, transforms: [NAMESPACE.exclusive] },
  ]);
  t.match(await deployment.validate(beside), {
    indication: 'TOTAL-PASSED',
    signatures: [{ counterSignatures: [{ indication: 'TOTAL-PASSED' }] }],
  });
});

t.test('says what signers claim beside the content', async (t) => {
  const signature = (await sign({ packaging: 'enveloped', content: report })).toString();
  const claims =
    '<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId><xades:Identifier>urn:oid:2.999.1' +
    '</xades:Identifier></xades:SigPolicyId></xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>' +
    '<xades:SignatureProductionPlaceV2><xades:City>تهران</xades:City></xades:SignatureProductionPlaceV2>' +
    '<xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>ناظر</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRoleV2>';
  const claimed = signature.replace(
    '</xades:SignedSignatureProperties>',
    `${claims}</xades:SignedSignatureProperties>`,
  );
  t.match(read(Buffer.from(claimed)).signatures[0].signedProperties, {
    signaturePolicy: 'urn:oid:2.999.1',
    productionPlace: 'تهران',
    claimedRoles: ['ناظر'],
  });
});

t.test('algorithms of yesterday and of others are judged, not verified blindly', async (t) => {
  const sha1 = await signedXml(doctor, '<r>{signature}</r>', [
    { ...ENVELOPED, digestMethod: `${NAMESPACE.signature}sha1`, hash: (octets) => digest('sha1', octets) },
  ]);
  t.match(await deployment.validate(sha1), { subIndication: 'CRYPTO_CONSTRAINTS_FAILURE' });
  for (const transform of [
    'http://www.w3.org/TR/1999/REC-xslt-19991116',
    'http://www.w3.org/TR/1999/REC-xpath-19991116',
    'http://www.w3.org/2002/06/xmldsig-filter2',
    'urn:example:own',
  ]) {
    const refused = await signedXml(doctor, '<r>{signature}</r>', [{ uri: '', transforms: [transform] }]);
    t.match(await deployment.validate(refused), {
      indication: 'INDETERMINATE',
      reasons: [{}, { code: 'algorithm-unsupported' }],
    });
  }
});

t.test('a Manifest is not followed, and says so', async (t) => {
  const signature = await signedXml(
    doctor,
    '{signature}',
    [{ uri: '#m', transforms: [NAMESPACE.exclusive], type: `${NAMESPACE.signature}Manifest` }],
    '<Object><Manifest Id="m"><Reference URI="http://127.0.0.1/"/></Manifest></Object>',
  );
  t.match(await deployment.validate(signature), {
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
});

const prescription = (councilNumber: string) =>
  Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Bundle xmlns="http://hl7.org/fhir"><!-- 112233 --><entry>' +
      '<fullUrl value="urn:uuid:1"/><resource><Practitioner><identifier><system value="urn:mohr:council:physician"/>' +
      `<value value="${councilNumber}"/></identifier></Practitioner></resource></entry><entry><resource><MedicationRequest>` +
      `<status value="active"/><authoredOn value="${NOON.toISOString()}"/><requester><reference value="urn:uuid:1"/></requester>` +
      '</MedicationRequest></resource></entry></Bundle>',
  );

t.test('rules of the sector look into the prescription that is signed, however it is packed', async (t) => {
  const differs = { indication: 'INDETERMINATE', reasons: [{ code: 'prescriber-differs' }] };
  for (const [councilNumber, verdict] of [
    ['112233', { indication: 'TOTAL-PASSED', reasons: [] }],
    ['112234', differs],
  ] as const) {
    const content = prescription(councilNumber);
    for (const packaging of ['enveloped', 'enveloping'] as const)
      t.match(await deployment.validate(await sign({ packaging, content })), verdict, packaging);
    const contents = [{ uri: 'prescription.xml', bytes: content }];
    const detached = await sign({ packaging: 'detached', contents });
    t.match(await deployment.validate(detached, { content }), verdict, 'detached');
    const files = [{ name: 'prescription.xml', bytes: content, mediaType: 'application/fhir+xml' }];
    for (const form of ['XAdES', 'CAdES'] as const) {
      const container = await signAsic({ ...doctor, files, form, signingTime: NOON });
      t.match(await deployment.validate(container), verdict, form);
    }
    const embedded = content.toString().replace(/^.*\n/, '');
    const element = await signedXml(
      doctor,
      '{signature}',
      [{ uri: '#o', transforms: [NAMESPACE.exclusive] }],
      `<Object Id="o">${embedded}</Object>`,
    );
    t.match(await deployment.validate(element), { indication: verdict.indication }, 'XML in an Object');
  }
});

t.test('no signature, and a broken one among others', async (t) => {
  t.match(await deployment.validate(report), {
    indication: 'TOTAL-FAILED',
    reasons: [{ code: 'no-signer' }],
  });
  const first = await sign({ packaging: 'enveloped', content: report }, { besideOthers: true });
  const broken = first
    .toString()
    .replace('</report>', `<Signature xmlns="${NAMESPACE.signature}"/></report>`);
  const verdict = await deployment.validate(Buffer.from(broken));
  t.match(verdict, {
    indication: 'TOTAL-FAILED',
    subIndication: 'FORMAT_FAILURE',
    signatures: [{ indication: 'TOTAL-PASSED' }, { reasons: [{ code: 'signature-malformed' }] }],
  });
});

function sign(
  subject: XadesSubject,
  overrides: Partial<XadesRequest> = {},
  { signer, certificate } = doctor,
): Promise<Buffer> {
  return signXades({ subject, signer, certificate, signingTime: NOON, ...overrides });
}

function read(signature: Buffer, input: Partial<SignatureInput> = {}) {
  return readXades({ signature, signingCertificateReference: 'required', ...input });
}
