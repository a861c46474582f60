import { readPrescription } from '../../prescriptions/read-prescription.ts';
import type { Extension } from '../../pki/extension.ts';
import { applyRules } from '../../validation/apply-rules.ts';
import type { HealthRule, RuleFacts } from '../../validation/rules/rule.ts';
import { FixtureDeployment, NOON } from './fixture-deployment.ts';
import { physicianTemplate } from './fixture-certificate.ts';
import { memorySigner } from './memory-signer.ts';

const deployment = await FixtureDeployment.create();

/** What a rule is asked about when nothing else is said: a physician's signature of noon, over no prescription. */
export async function ruleFacts(overrides: Partial<RuleFacts> = {}): Promise<RuleFacts> {
  const { certificate } = await deployment.issue();
  return {
    certificate,
    documents: [],
    claimedSigningTime: NOON,
    provenAt: NOON,
    pastHolds: [],
    licence: [],
    ...overrides,
  };
}

/** Of a physician with other extensions in place of those of the same type. */
export async function physicianWith(extensions: readonly Extension[]): Promise<RuleFacts['certificate']> {
  const signer = memorySigner();
  const template = physicianTemplate(signer.subjectPublicKeyInfo);
  const types = extensions.map(({ oid }) => oid);
  const kept = template.extensions.filter(({ oid }) => !types.includes(oid));
  const { certificate } = await deployment.issue(signer, { extensions: [...kept, ...extensions] });
  return certificate;
}

/** The outcome, with the code of the reason that stands for a failure. */
export function judged(rule: HealthRule, facts: RuleFacts): string {
  const { results, reasons } = applyRules([rule], facts);
  return [results[0].outcome, ...reasons.map(({ code }) => code)].join(' ');
}

/** A prescription of the fixture's physician, of the day of NOON, as FHIR JSON; with other members on its request and practitioner. */
export function fhir({ request = {}, identifier = COUNCIL }: FhirOverrides = {}): RuleFacts['documents'] {
  const bundle = {
    resourceType: 'Bundle',
    type: 'document',
    entry: [
      {
        fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000002',
        resource: { resourceType: 'Practitioner', identifier },
      },
      {
        resource: {
          resourceType: 'MedicationRequest',
          authoredOn: NOON.toISOString(),
          requester: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000002' },
          ...request,
        },
      },
    ],
  };
  return [readPrescription(Buffer.from(JSON.stringify(bundle)))];
}

export interface FhirOverrides {
  request?: object;
  identifier?: object[];
}

export const COUNCIL = [{ system: 'urn:mohr:council:physician', value: '112233' }];

export function socialSecurity(overrides: object = {}): RuleFacts['documents'] {
  // 25 Khordad 1405 is 15 June 2026.
  const prescription = {
    docId: '0000112233',
    docNationalCode: '9990000001',
    prescDate: '14050325',
    noteDetailEprscs: [{}],
    ...overrides,
  };
  return [readPrescription(Buffer.from(JSON.stringify(prescription)))];
}
