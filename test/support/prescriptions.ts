import { fhirPrescription, socialSecurityPrescription } from '../../cli/demo/prescriptions.ts';

const AT = new Date('2026-11-26T08:00:00Z');

export interface PrescriptionDocument {
  title: string;
  mediaType: string;
  content: string;
}

/** The demo's prescriptions, as a prescription system sends them. */
export function fhirDocument(
  change: (json: Record<string, unknown>) => void = () => undefined,
): PrescriptionDocument {
  const json = JSON.parse(fhirPrescription(AT).content.toString()) as Record<string, unknown>;
  change(json);
  return document('نسخهٔ ۱', 'application/fhir+json', JSON.stringify(json));
}

/** Makes a prescription that of a doctor and a moment, so that it passes the rules of the sector. */
export function writtenBy(
  { group, digits }: { group: string; digits: string },
  at: Date,
): (json: Record<string, unknown>) => void {
  return (json) => {
    for (const { resource } of json.entry as { resource: Record<string, unknown> }[]) {
      if (resource.resourceType === 'Practitioner')
        resource.identifier = [{ system: `urn:mohr:council:${group}`, value: digits }];
      if (resource.resourceType === 'MedicationRequest') resource.authoredOn = at.toISOString();
    }
  };
}

export function socialSecurityDocument(): PrescriptionDocument {
  const text = socialSecurityPrescription(AT).content.toString();
  // With white space: what is signed is another form of it.
  return document('نسخهٔ تأمین اجتماعی', 'application/json', JSON.stringify(JSON.parse(text), null, 2));
}

export function fhirXmlDocument(): PrescriptionDocument {
  return document('نسخهٔ XML', 'application/fhir+xml', FHIR_XML);
}

export function document(title: string, mediaType: string, text: string): PrescriptionDocument {
  return { title, mediaType, content: Buffer.from(text).toString('base64') };
}

const FHIR_XML = `<?xml version="1.0" encoding="UTF-8"?>
<Bundle xmlns="http://hl7.org/fhir">
  <!-- Synthetic throughout. -->
  <type value="document"/>
  <entry>
    <fullUrl value="urn:uuid:00000000-0000-4000-8000-000000000003"/>
    <resource>
      <Patient>
        <identifier><system value="urn:mohr:national-id"/><value value="9990027006"/></identifier>
        <name><family value="نمونه"/><given value="بیمار"/></name>
        <birthDate value="1980-01-01"/>
      </Patient>
    </resource>
  </entry>
  <entry>
    <fullUrl value="urn:uuid:00000000-0000-4000-8000-000000000004"/>
    <resource>
      <MedicationRequest>
        <status value="active"/>
        <intent value="order"/>
        <medicationCodeableConcept><text value="Ibuprofen 400 mg, &lt;tablet&gt;"/></medicationCodeableConcept>
        <subject><reference value="urn:uuid:00000000-0000-4000-8000-000000000003"/></subject>
        <dosageInstruction>
          <text value="بعد از غذا"/>
          <timing><repeat><frequency value="3"/><period value="1"/><periodUnit value="d"/></repeat></timing>
          <doseAndRate><doseQuantity><value value="1"/><unit value="tablet"/></doseQuantity></doseAndRate>
        </dosageInstruction>
        <dispenseRequest><quantity><value value="20"/><unit value="tablet"/></quantity></dispenseRequest>
      </MedicationRequest>
    </resource>
  </entry>
</Bundle>
`;
