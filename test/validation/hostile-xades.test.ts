import fc from 'fast-check';
import t from 'tap';

import { FormatError } from '../../formats/format-error.ts';
import { NAMESPACE } from '../../formats/xml/namespaces.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import { readXades } from '../../validation/xades/read-xades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import { mutatedBytes } from '../support/hostile-input.ts';
import { signedXml } from '../support/signed-xml.ts';

// Documents that cost more than they should: each is judged or refused, and the bound is the same whatever the machine.

const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const EXCLUSIVE = NAMESPACE.exclusive;
const ENVELOPED = `${NAMESPACE.signature}enveloped-signature`;
const whole = { uri: '', transforms: [ENVELOPED, EXCLUSIVE] };
const sound = await signXades({
  subject: { packaging: 'enveloped', content: Buffer.from('<dose xmlns="urn:his">1</dose>') },
  ...doctor,
  signingTime: NOON,
});
const plain = (await signedXml(doctor, '<r>{signature}</r>', [whole])).toString();
const reference = /<Reference .*?<\/Reference>/s.exec(plain)![0];
const signature = /<Signature .*<\/Signature>/s.exec(plain)![0];

const nestedSignatures = (depth: number): string =>
  depth === 0
    ? ''
    : signature.replace('</Signature>', `<Object>${nestedSignatures(depth - 1)}</Object></Signature>`);
const withProperties = (unsigned: string) =>
  sound
    .toString()
    .replace(
      '</xades:QualifyingProperties>',
      `<xades:UnsignedProperties><xades:UnsignedSignatureProperties>${unsigned}</xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties>`,
    );
const counterSigned = (depth: number): string =>
  depth === 0
    ? signature
    : withProperties(`<xades:CounterSignature>${counterSigned(depth - 1)}</xades:CounterSignature>`)
        .replace(/^.*?<ds:Signature/s, '<ds:Signature')
        .replace('</dose>', '');

const DOCUMENTS: Record<string, string> = {
  'a thousand and one References': plain.replace(reference, reference.repeat(1_001)),
  'a thousand References to all of a large document': plain
    .replace(reference, reference.repeat(1_000))
    .replace('<r>', `<r>${'x'.repeat(1_000_000)}`),
  'many signatures': plain.replace(signature, signature.repeat(17)),
  'signatures within signatures': plain.replace(signature, nestedSignatures(40)),
  'countersignatures of countersignatures': counterSigned(6),
  'many transforms': plain.replace(
    '</Transforms>',
    `${`<Transform Algorithm="${EXCLUSIVE}"/>`.repeat(10)}</Transforms>`,
  ),
  'many inclusive prefixes': plain.replace(
    `<Transform Algorithm="${EXCLUSIVE}"/>`,
    `<Transform Algorithm="${EXCLUSIVE}"><i:InclusiveNamespaces xmlns:i="${EXCLUSIVE}" PrefixList="${'p '.repeat(100)}"/></Transform>`,
  ),
  'many certificates': plain.replace(
    '</X509Data>',
    `${'<X509Certificate>AAAA</X509Certificate>'.repeat(200)}</X509Data>`,
  ),
  'many unsigned properties': withProperties('<xades:SignatureTimeStamp/>'.repeat(201)),
  'many time stamps': withProperties(
    `<xades:SignatureTimeStamp>${'<xades:EncapsulatedTimeStamp>AAAA</xades:EncapsulatedTimeStamp>'.repeat(65)}</xades:SignatureTimeStamp>`,
  ),
  'a time stamp that is no base64': withProperties(
    '<xades:SignatureTimeStamp><xades:EncapsulatedTimeStamp>?</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>',
  ),
  'many Objects': plain.replace('</Signature>', `${'<Object/>'.repeat(200)}</Signature>`),
  'namespaces that are declared anew twenty thousand times': plain.replace(
    '<r>',
    `<r>${'<a xmlns:p="urn:1"><p:b xmlns:p="urn:2"/></a>'.repeat(10_000)}`,
  ),
  'an Id thirty thousand times': plain.replace('<r>', `<r>${'<a Id="x"/>'.repeat(30_000)}`),
};

for (const [what, text] of Object.entries(DOCUMENTS)) {
  t.test(`${what}: judged or refused, never passed`, async (t) => {
    t.not(text, plain);
    try {
      const { indication } = await deployment.validate(Buffer.from(text));
      t.not(indication, 'TOTAL-PASSED');
    } catch (error) {
      t.match(error, { code: 'xml-malformed' });
    }
  });
}

t.test('of many countersignatures no more are read than there may be signatures', async (t) => {
  const property = `<xades:CounterSignature>${signature}</xades:CounterSignature>`;
  const [{ counterSignatures }] = read(Buffer.from(withProperties(property.repeat(150)))).signatures;
  t.equal(counterSignatures.length, 150);
  t.equal(counterSignatures.filter(({ certificates }) => certificates.length > 0).length, 63);
});

t.test('archive time stamps over each other end at a budget', async (t) => {
  const stamp =
    `<xades141:ArchiveTimeStamp xmlns:xades141="${NAMESPACE.xades141}"><xades:EncapsulatedTimeStamp>${'AAAA'.repeat(20_000)}` +
    '</xades:EncapsulatedTimeStamp></xades141:ArchiveTimeStamp>';
  const [{ timeStamps }] = read(Buffer.from(withProperties(stamp.repeat(60)))).signatures;
  t.throws(() => timeStamps.map((one) => one.imprint('sha256')), { code: 'xml-malformed' });
});

t.test(
  'whatever happens to its octets, it is judged or refused, and never shows anything else',
  async (t) => {
    const [{ contents: original }] = read(sound).signatures;
    fc.assert(
      fc.property(mutatedBytes(sound), (bytes) => {
        try {
          const { signatures, reasons } = read(bytes);
          for (const { signingCertificate, verify, contents, reasons: own } of signatures) {
            const { certificate } = signingCertificate;
            if (!certificate || reasons.length + own.length > 0) continue;
            if (verify(certificate).verdict === 'PASSED') t.same(contents[0].bytes, original[0].bytes);
          }
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 200 },
    );
  },
);

t.test('nothing is fetched, and no file is read', async (t) => {
  for (const uri of ['http://127.0.0.1:1/x', 'file:///etc/hostname', '/etc/hostname', '../x']) {
    const outside = await signedXml(doctor, '{signature}', [{ uri, transforms: [] }]);
    t.match(await deployment.validate(outside), { subIndication: 'SIGNED_DATA_NOT_FOUND' }, uri);
  }
});

function read(bytes: Buffer) {
  return readXades({ signature: bytes, signingCertificateReference: 'required' });
}
