import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import t from 'tap';

import { PACKAGE_ROOT } from '../../cli/package-root.ts';
import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { encodeSignedAttributes } from '../../pki/cms/encode-signed-data.ts';
import { signingCertificateV2Attribute } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { CMS } from '../../pki/oid.ts';
import { displayDocument } from '../../signing/display/display-document.ts';
import type { SignedDocument, StructuredMediaType } from '../../signing/display/display-document.ts';
import type { PatientView } from '../../signing/display/display-line.ts';
import { cadesSignedOctets, verificationCodeOf } from '../../signing/device/signed-octets.ts';
import { fhirDocument, fhirXmlDocument, socialSecurityDocument } from '../support/prescriptions.ts';
import { sharedDataFolder } from '../support/shared-data.ts';
import { hash } from '../support/software-phone.ts';

function shown({ title, mediaType, content }: ReturnType<typeof fhirDocument>, patientView: PatientView) {
  const document = { title, mediaType, content: Buffer.from(content, 'base64') } as SignedDocument;
  return displayDocument(document, patientView).lines.map(({ label, text }) => `${label}: ${text}`);
}

function read(mediaType: StructuredMediaType, text: string) {
  return () => displayDocument({ title: 'نسخه', mediaType, content: Buffer.from(text) }, 'whole').lines;
}

const REQUEST = {
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: 'Aspirin 80' },
};

t.test('a FHIR prescription, as a doctor reads it', async (t) => {
  t.strictSame(shown(fhirDocument(), 'masked'), [
    'document: نسخهٔ الکترونیک',
    'document: Prescription for medication',
    'date: 2026-11-26T08:00:00.000Z',
    'prescriber: دکتر شیرین آزمایشی‌پور',
    'prescriber-number: 140509',
    'patient: ب••• ن•••',
    'patient-number: •••••••005',
    'drug: Amoxicillin 500 mg, capsule',
    'dose: 1 capsule',
    'timing: 1 × / 8 h',
    'duration: 7 d',
    'instruction: هر ۸ ساعت یک کپسول، به مدت ۷ روز',
    'count: 21 capsule',
    'repeats: 0',
    'date: 2026-11-26T08:00:00.000Z',
    'other: timestamp: 2026-11-26T08:00:00.000Z',
    'other: identifier.value: demo-1',
  ]);
});

t.test('the same in XML, where the patient is shown whole', async (t) => {
  t.strictSame(shown(fhirXmlDocument(), 'whole'), [
    'patient: بیمار نمونه',
    'patient-number: 9990027006',
    'drug: Ibuprofen 400 mg, <tablet>',
    'dose: 1 tablet',
    'timing: 3 × / 1 d',
    'instruction: بعد از غذا',
    'count: 20 tablet',
    'other: entry[0].resource.birthDate: 1980-01-01',
  ]);
  t.ok(shown(fhirXmlDocument(), 'masked').includes('patient-more: 1'), 'masked, what is left out is counted');
});

t.test('a social-security prescription', async (t) => {
  const lines = shown(socialSecurityDocument(), 'whole');
  t.match(
    lines.filter((line) => /^(drug|dose|timing|count)/.test(line)),
    [
      'drug: AMOXICILLIN 500 mg CAP',
      'drug-code: 00000',
      'dose: 1',
      'timing: 3',
      'count: 21',
      'drug: ACETAMINOPHEN 325 mg TAB',
      'drug-code: 00001',
      'dose: 1',
      'timing: 2',
      'count: 10',
    ],
  );
});

t.test('no value of a document is left out', async () => {
  const name = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abcdefgh') });
  const text = fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme-ascii' });
  const more = fc.dictionary(
    name,
    fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }), fc.dictionary(name, text)),
  );
  fc.assert(
    fc.property(more, more, (outer, inner) => {
      const resource = { ...inner, ...REQUEST, dosageInstruction: [{ additionalInstruction: [inner] }] };
      const texts = read('application/fhir+json', JSON.stringify({ ...outer, ...resource }))().map(
        (line) => line.text,
      );
      const leaves = leavesOf({ ...outer, ...inner });
      return leaves.every((leaf) => texts.some((line) => line.includes(leaf)));
    }),
  );
});

function leavesOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leavesOf);
}

t.test('a status or refusal to give is seen', async (t) => {
  const lines = read(
    'application/fhir+json',
    JSON.stringify({ ...REQUEST, status: 'cancelled', doNotPerform: true }),
  )();
  t.match(lines, [{ label: 'drug' }, { label: 'status', text: 'cancelled' }, { text: 'doNotPerform: true' }]);
});

t.test('which of two patients a drug is for is seen', async (t) => {
  const patient = (id: string) => ({ resource: { resourceType: 'Patient', id, name: [{ text: id }] } });
  const medicationRequest = { resource: { ...REQUEST, subject: { reference: 'Patient/p2' } } };
  const bundle = (...entry: object[]) =>
    JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  const two = read('application/fhir+json', bundle(patient('p1'), patient('p2'), medicationRequest))();
  t.match(two.at(-1), { label: 'other', text: 'entry[2].resource.subject.reference: Patient/p2' });
  const one = read('application/fhir+json', bundle(patient('p2'), medicationRequest))();
  t.notOk(one.some(({ label }) => label === 'other'));
});

t.test('numbers are shown as they are written', async (t) => {
  const quantity = '{"value": 0.10000000000000000001, "unit": "ml"}';
  const text = JSON.stringify(REQUEST).replace('{', `{"dispenseRequest": {"quantity": ${quantity}},`);
  t.match(read('application/fhir+json', text)(), [{}, { label: 'count', text: '0.10000000000000000001 ml' }]);
});

t.test('what two readers could read differently is refused', async (t) => {
  const json = JSON.stringify(REQUEST);
  const xml = Buffer.from(fhirXmlDocument().content, 'base64').toString();
  const cases: [StructuredMediaType, string][] = [
    ['application/fhir+json', json.replace('{', '{"status":"active",')],
    ['application/fhir+json', json.replace('Aspirin', '\u202eAspirin')],
    ['application/fhir+json', json.replace('Aspirin', '\\u2066Aspirin')],
    ['application/fhir+json', `${json} {}`],
    ['application/fhir+json', json.replace('}', ',}')],
    ['application/fhir+json', json.replace('{', '{"a":[["b"]],')],
    ['application/fhir+json', json.replace('{', `{"a":${'{"a":'.repeat(40)}1${'}'.repeat(40)},`)],
    ['application/fhir+json', '[]'],
    ['application/fhir+json', '{"resourceType":"Bundle","type":"document"}'],
    ['application/fhir+xml', xml.replace('<type', '<![CDATA[x]]><type')],
    ['application/fhir+xml', xml.replace('<type', '<?php x?><type')],
    ['application/fhir+xml', xml.replace('&lt;', '&own;')],
    ['application/fhir+xml', xml.replace('<type value="document"', '<type value="document" value="x"')],
    ['application/fhir+xml', xml.replace('http://hl7.org/fhir', 'urn:other')],
    ['application/fhir+xml', xml.replace('<type', 'text <type')],
    ['application/fhir+xml', xml.replace('</Bundle>', '')],
    ['application/fhir+xml', xml.replace('<type', '<f:type')],
    ['application/json', '{"docId":"1"}'],
  ];
  for (const [mediaType, text] of cases)
    t.throws(read(mediaType, text), { code: 'document-unreadable' }, text.slice(0, 60));
  const broken = Buffer.concat([Buffer.from(json), Buffer.of(0xff)]);
  t.throws(
    () => displayDocument({ title: 'x', mediaType: 'application/fhir+json', content: broken }, 'whole'),
    {
      code: 'document-unreadable',
    },
  );
});

t.test('real prescriptions of another country can be read', async (t) => {
  const folder = sharedDataFolder('eprescriptions-signed');
  if (!folder) return;
  const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  for (const name of files) {
    const lines = read('application/fhir+xml', readFileSync(join(folder, name), 'utf8'))();
    t.ok(
      lines.some(({ label }) => ['drug', 'drug-code', 'other'].includes(label)),
      name,
    );
  }
});

t.test('the phone’s octets are those of the service’s own encoder', async () => {
  const certificate = { bytes: Buffer.from('a certificate') };
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.date({ min: new Date('2026-01-01Z'), max: new Date('2070-01-01Z'), noInvalidDate: true }),
      fc.option(fc.constantFrom('application/fhir+json', 'application/json')),
      (documentSha256, at, mediaType) => {
        const signingTime = new Date(Math.floor(at.getTime() / 1000) * 1000);
        const facts = { documentSha256, certificateSha256: hash(certificate.bytes), signingTime };
        const ours = encodeSignedAttributes([
          encodeAttribute(CMS.contentType, asn1.oid(CMS.data)),
          encodeAttribute(CMS.messageDigest, asn1.octetString(documentSha256)),
          encodeAttribute(CMS.signingTime, asn1.time(signingTime)),
          signingCertificateV2Attribute(certificate),
          ...(mediaType === null ? [] : [encodeAttribute(CMS.mimeType, asn1.utf8String(mediaType))]),
        ]);
        const theirs = cadesSignedOctets({ ...facts, ...(mediaType !== null && { mediaType }) });
        return ours.equals(theirs);
      },
    ),
  );
});

t.test('the verification code is the end of a hash', async (t) => {
  t.equal(verificationCodeOf(Uint8Array.of(1, 2, 0x27, 0x10)), '0000', '10,000 is over the end');
  t.equal(verificationCodeOf(Uint8Array.of(1, 2, 0xff, 0xff)), '5535');
  t.equal(verificationCodeOf(Uint8Array.of(1, 2, 0, 7)), '0007');
});

t.test('what the phone’s page shares knows nothing of Node', async (t) => {
  const folders = ['signing/display', 'signing/device', 'prescriptions'];
  for (const folder of folders)
    for (const name of readdirSync(join(PACKAGE_ROOT, folder))) {
      const source = readFileSync(join(PACKAGE_ROOT, folder, name), 'utf8');
      t.notMatch(source, /from 'node:|\bBuffer\b|\bprocess\./, name);
      t.notMatch(source, /from '\.\.\/\.\.\/(?!core\/canonical-json|prescriptions\/)/, name);
      t.notMatch(source, /from '\.\.\/core\/(?!errors|is-object|council-number|jalali)/, name);
    }
});
