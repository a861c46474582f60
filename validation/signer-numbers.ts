import { councilGroups } from '../core/council-number.ts';
import type { MembershipGroup } from '../core/council-number.ts';
import type { Certificate } from '../pki/certificate.ts';
import { parseAdmission } from '../pki/extensions/admission.ts';
import { attributeOf } from '../pki/name.ts';
import { AT, CE } from '../pki/oid.ts';

/** A profession to which the holder was admitted, with the council's number where it is given. */
export interface Admittance {
  group: MembershipGroup;
  registrationNumber?: string;
}

/** The professions of the Admission extension that are the deployment's; throws PkiError. */
export function admittancesOf(certificate: Certificate, professionArc: string): Admittance[] {
  const extension = certificate.extensions.get(CE.admission);
  if (!extension) return [];
  return parseAdmission(extension.value).professionInfos.flatMap(({ professionOids, registrationNumber }) =>
    councilGroups
      .filter((group) => professionOids.includes(`${professionArc}.${group.professionArc}`))
      .map(({ code }) => ({ group: code, ...(registrationNumber !== undefined && { registrationNumber }) })),
  );
}

/** The national id of the subject, bare or as ETSI EN 319 412-1 §5.1.3 writes it. */
export function nationalIdOf({ subject }: Certificate): string | undefined {
  return attributeOf(subject, AT.serialNumber)?.replace(/^PNOIR-/, '');
}
