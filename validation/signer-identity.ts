import { councilGroups } from '../core/council-number.ts';
import type { MembershipGroup } from '../core/council-number.ts';
import { DomainError } from '../core/errors.ts';
import { maskNationalId, parseNationalId } from '../core/national-id.ts';
import type { Certificate } from '../pki/certificate.ts';
import { parseAdmission } from '../pki/extensions/admission.ts';
import type { Admission } from '../pki/extensions/admission.ts';
import { attributeOf } from '../pki/name.ts';
import { AT, CE } from '../pki/oid.ts';
import { PkiError } from '../pki/pki-error.ts';

/** Who signed, as the certificate says it. */
export interface SignerIdentity {
  /** Given name and surname, else the common name. */
  name?: string;
  givenName?: string;
  surname?: string;
  commonName?: string;
  /** First three and last two digits, e.g. `999*****12`; present only when the subject carries a valid national id. */
  nationalIdMasked?: string;
  /** registrationNumber of the Admission extension. */
  councilNumber?: string;
  /** The profession, when its OID is one of the deployment's. */
  profession?: MembershipGroup;
  /** Titles as the Admission extension gives them, in its language. */
  professionTitles: string[];
  professionOids: string[];
}

/** Extracts the signer from a certificate; unreadable extensions leave their fields out. */
export function signerIdentity(certificate: Certificate, professionArc: string): SignerIdentity {
  const infos = admissionOf(certificate)?.professionInfos ?? [];
  const professionOids = infos.flatMap((info) => info.professionOids);
  return defined({
    ...names(certificate),
    nationalIdMasked: maskedNationalId(attributeOf(certificate.subject, AT.serialNumber)),
    councilNumber: infos.find((info) => info.registrationNumber !== undefined)?.registrationNumber,
    profession: professionOf(professionOids, professionArc),
    professionTitles: infos.flatMap((info) => info.professionItems),
    professionOids,
  });
}

function names({ subject }: Certificate) {
  const givenName = attributeOf(subject, AT.givenName);
  const surname = attributeOf(subject, AT.surname);
  const commonName = attributeOf(subject, AT.commonName);
  const name = givenName && surname ? `${givenName} ${surname}` : commonName;
  return { name, givenName, surname, commonName };
}

/** The bare id, or the ETSI EN 319 412-1 §5.1.3 form `PNOIR-<id>`; other numbers are not shown. */
function maskedNationalId(serialNumber: string | undefined): string | undefined {
  try {
    return serialNumber && maskNationalId(parseNationalId(serialNumber.replace(/^PNOIR-/, '')));
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return undefined;
  }
}

function professionOf(oids: readonly string[], arc: string): MembershipGroup | undefined {
  return councilGroups.find((group) => oids.includes(`${arc}.${group.professionArc}`))?.code;
}

function admissionOf(certificate: Certificate): Admission | undefined {
  const extension = certificate.extensions.get(CE.admission);
  try {
    return extension && parseAdmission(extension.value);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return undefined;
  }
}

/** Without the fields that are undefined, so that JSON and types agree. */
function defined<T extends object>(fields: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
