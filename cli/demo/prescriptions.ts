import { canonicalJson } from '../../core/canonical-json.ts';
import { councilDocId } from '../../core/council-number.ts';
import type { CouncilNumber } from '../../core/council-number.ts';
import { formatJalali } from '../../core/jalali.ts';
import { syntheticNationalId } from '../../core/national-id.ts';
import { DOCTOR } from './doctor.ts';

export interface Prescription {
  /** Name of the file without its extension. */
  name: string;
  extension: string;
  mediaType: string;
  content: Buffer;
}

const PATIENT = syntheticNationalId(2700) as string;

/** A prescription as a FHIR R4 Bundle in JSON: what an HIS would send. Synthetic throughout. */
export function fhirPrescription(now: Date): Prescription {
  const bundle = {
    resourceType: 'Bundle',
    type: 'document',
    timestamp: now.toISOString(),
    identifier: { system: 'urn:mohr:example:prescription', value: 'demo-1' },
    entry: [
      { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001', resource: compositionOf(now) },
      { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000002', resource: practitioner() },
      { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000003', resource: patient() },
      { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000004', resource: medicationRequest(now) },
    ],
  };
  const content = Buffer.from(`${JSON.stringify(bundle, null, 2)}\n`, 'utf8');
  return { name: 'prescription', extension: 'json', mediaType: 'application/fhir+json', content };
}

/** A prescription as the social-security service takes it, in its canonical form (RFC 8785). */
export function socialSecurityPrescription(now: Date): Prescription {
  const payload = {
    docId: councilDocId(DOCTOR.councilNumber as CouncilNumber),
    docNationalCode: DOCTOR.nationalId,
    patient: PATIENT,
    prescDate: formatJalali(now),
    prescTypeId: 1,
    noteDetailEprscs: [
      {
        srvId: { srvCode: '00000', srvName: 'AMOXICILLIN 500 mg CAP' },
        srvQty: 21,
        timesAday: '3',
        dose: '1',
      },
      {
        srvId: { srvCode: '00001', srvName: 'ACETAMINOPHEN 325 mg TAB' },
        srvQty: 10,
        timesAday: '2',
        dose: '1',
      },
    ],
  };
  const content = Buffer.from(canonicalJson(payload), 'utf8');
  return { name: 'prescription-social-security', extension: 'json', mediaType: 'application/json', content };
}

function compositionOf(now: Date) {
  return {
    resourceType: 'Composition',
    status: 'final',
    type: {
      coding: [{ system: 'http://loinc.org', code: '57833-6', display: 'Prescription for medication' }],
    },
    subject: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000003' },
    date: now.toISOString(),
    author: [{ reference: 'urn:uuid:00000000-0000-4000-8000-000000000002' }],
    title: 'نسخهٔ الکترونیک',
    section: [{ entry: [{ reference: 'urn:uuid:00000000-0000-4000-8000-000000000004' }] }],
  };
}

function practitioner() {
  const { councilNumber, surname, givenName } = DOCTOR;
  return {
    resourceType: 'Practitioner',
    identifier: [{ system: `urn:mohr:council:${councilNumber.group}`, value: councilNumber.digits }],
    name: [{ family: surname, given: [givenName], prefix: ['دکتر'] }],
  };
}

function patient() {
  return {
    resourceType: 'Patient',
    identifier: [{ system: 'urn:mohr:national-id', value: PATIENT }],
    name: [{ family: 'نمونه', given: ['بیمار'] }],
  };
}

function medicationRequest(now: Date) {
  return {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    authoredOn: now.toISOString(),
    medicationCodeableConcept: { text: 'Amoxicillin 500 mg, capsule' },
    subject: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000003' },
    requester: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000002' },
    dosageInstruction: [
      {
        text: 'هر ۸ ساعت یک کپسول، به مدت ۷ روز',
        timing: {
          repeat: { frequency: 1, period: 8, periodUnit: 'h', boundsDuration: { value: 7, unit: 'd' } },
        },
        doseAndRate: [{ doseQuantity: { value: 1, unit: 'capsule' } }],
      },
    ],
    dispenseRequest: { quantity: { value: 21, unit: 'capsule' }, numberOfRepeatsAllowed: 0 },
  };
}
