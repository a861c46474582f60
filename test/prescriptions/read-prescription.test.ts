import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import t from 'tap';

import { fhirPrescription, socialSecurityPrescription } from '../../cli/demo/prescriptions.ts';
import { readPrescription } from '../../prescriptions/read-prescription.ts';
import { fhirXmlDocument } from '../support/prescriptions.ts';
import { sharedDataFolder } from '../support/shared-data.ts';

const AT = new Date('2026-11-26T08:00:00Z');
const PRESCRIBER = 'urn:mohr:council:physician';

function read(text: string) {
  return readPrescription(Buffer.from(text));
}

t.test('FHIR in JSON: who asks, and when', async (t) => {
  t.match(readPrescription(fhirPrescription(AT).content), {
    kind: 'prescription',
    prescription: {
      form: 'fhir',
      prescribers: [{ identifiers: [{ system: PRESCRIBER, value: '140509' }] }],
      dates: [{ kind: 'instant', at: AT }],
    },
  });
});

t.test('the social-security form', async (t) => {
  t.match(readPrescription(socialSecurityPrescription(AT).content), {
    kind: 'prescription',
    prescription: {
      form: 'social-security',
      prescribers: [{ identifiers: [{ system: 'urn:mohr:council', value: '0000140509' }, {}] }],
      dates: [{ kind: 'day', day: { year: 2026, month: 11, day: 26 } }],
    },
  });
});

t.test('FHIR in XML, with a byte order mark or white space before it', async (t) => {
  const text = Buffer.from(fhirXmlDocument().content, 'base64').toString();
  for (const before of ['', '\ufeff', '\n\t '])
    t.match(read(before === '\ufeff' ? before + text : text + before), { kind: 'prescription' });
});

t.test('a role leads to its practitioner, and a reference may carry the number itself', async (t) => {
  const identifier = [{ system: PRESCRIBER, value: '1' }];
  const contained = [
    { resourceType: 'Practitioner', id: 'p', identifier },
    { resourceType: 'PractitionerRole', id: 'r', practitioner: { reference: '#p' } },
  ];
  for (const requester of [{ reference: '#r' }, { reference: '#p' }, { identifier: identifier[0] }]) {
    const request = { resourceType: 'MedicationRequest', authoredOn: '2026-11-26', contained, requester };
    t.match(read(JSON.stringify(request)), { prescription: { prescribers: [{ identifiers: identifier }] } });
  }
});

t.test('two resources of one name are nobody', async (t) => {
  const practitioner = (value: string) => ({
    resource: { resourceType: 'Practitioner', id: 'p', identifier: [{ system: PRESCRIBER, value }] },
  });
  const request = {
    resource: { resourceType: 'MedicationRequest', requester: { reference: 'Practitioner/p' } },
  };
  const bundle = { resourceType: 'Bundle', entry: [practitioner('1'), practitioner('2'), request] };
  t.match(read(JSON.stringify(bundle)), { prescription: { prescribers: [{ identifiers: [] }] } });
});

t.test('roles that lead to each other end', async (t) => {
  const contained = ['a', 'b'].map((id) => ({
    resourceType: 'PractitionerRole',
    id,
    practitioner: { reference: id === 'a' ? '#b' : '#a' },
  }));
  const request = { resourceType: 'MedicationRequest', contained, requester: { reference: '#a' } };
  t.match(read(JSON.stringify(request)), { prescription: { prescribers: [{ identifiers: [] }] } });
});

t.test('what is no prescription', async (t) => {
  for (const text of [
    '',
    'plain text about http://hl7.org/fhir',
    '%PDF-1.7',
    '{"invoice":[[1]]}',
    '{"resourceType":"Patient"}',
    '<invoice xmlns="urn:x"/>',
  ])
    t.strictSame(read(text), { kind: 'other' }, text);
});

t.test('what another reader may take for one is never passed over', async (t) => {
  const xml = Buffer.from(fhirXmlDocument().content, 'base64').toString();
  for (const text of [
    '{"resourceType":"MedicationRequest","resourceType":"Patient"}',
    '{"resource\\u0054ype":"MedicationRequest","a":[[1]]}',
    '{"noteDetailEprscs":[{}],"prescDate":"14051301"}',
    '{"resourceType":"MedicationRequest","authoredOn":"2026-02-30"}',
    '{"resourceType":"MedicationRequest","authoredOn":"2026"}',
    '{"resourceType":"MedicationRequest",}',
    xml.replace('<Bundle', '<f:Bundle xmlns:f="http://hl7.org/fhir"'),
    xml.replace('http://hl7.org/fhir', 'http://hl7.org&#47;fhir').replace('<type', '<!-- --x --><type'),
    `<!DOCTYPE Bundle [<!ENTITY f "http://hl7.org/fh"><!ENTITY g "ir">]><Bundle xmlns="&f;&g;"/>`,
  ])
    t.match(read(text), { kind: 'unreadable' }, text.slice(0, 70));
  t.match(readPrescription(Buffer.from(xml, 'utf16le')), { kind: 'unreadable' }, 'UTF-16');
  t.match(
    readPrescription(Buffer.from(`\ufeff${xml}`, 'utf16le')),
    { kind: 'unreadable' },
    'UTF-16 with its mark',
  );
});

t.test('any octets have a reading', async () => {
  const octets = fc.uint8Array({ maxLength: 300 });
  const jsonLike = fc.json().map((text) => Buffer.from(text));
  fc.assert(fc.property(fc.oneof(octets, jsonLike), (bytes) => 'kind' in readPrescription(bytes)));
});

t.test('real prescriptions, of a country that names its doctors otherwise', async (t) => {
  const folder = sharedDataFolder('eprescriptions-signed');
  if (folder === undefined) return;
  const files = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  t.ok(files.length > 0);
  for (const name of files) {
    const reading = readPrescription(readFileSync(join(folder, name)));
    if (reading.kind !== 'prescription') {
      t.fail(`${name} is ${JSON.stringify(reading)}`);
      continue;
    }
    t.ok(reading.prescription.prescribers.length > 0 && reading.prescription.dates.length > 0, name);
  }
});
