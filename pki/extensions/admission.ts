import * as asn1 from '../der/encode.ts';
import type { Cursor } from '../der/decode.ts';
import { openWhole } from '../der/decode.ts';
import { TAG, context } from '../der/tag.ts';
import { textOf } from '../der/values.ts';
import type { Extension } from '../extension.ts';
import { CE } from '../oid.ts';
import { PkiError } from '../pki-error.ts';
import { readOids } from './extended-key-usage.ts';
import { encodeDirectoryName, readGeneralName } from './general-name.ts';
import type { GeneralName } from './general-name.ts';

export interface ProfessionInfo {
  professionItems: string[];
  professionOids: string[];
  registrationNumber?: string;
}

export interface Admission {
  admissionAuthority?: GeneralName;
  professionInfos: ProfessionInfo[];
}

/**
 * AdmissionSyntax (Common PKI 2.0, part 1, table 29b): who admitted the holder to which profession.
 * One authority for all contents, one ProfessionInfo. Throws PkiError `name-malformed` for a registration number
 * that does not fit PrintableString.
 */
export function admissionExtension(
  /** Encoded Name of the admitting body. */
  admissionAuthority: Uint8Array,
  profession: { items: readonly string[]; oids: readonly string[]; registrationNumber: string },
): Extension {
  if (!asn1.isPrintable(profession.registrationNumber)) {
    throw new PkiError('name-malformed', 'registration number does not fit PrintableString');
  }
  const info = asn1.sequence(
    asn1.sequence(...profession.items.map(asn1.utf8String)),
    asn1.sequence(...profession.oids.map(asn1.oid)),
    asn1.printableString(profession.registrationNumber),
  );
  const contents = asn1.sequence(asn1.sequence(info));
  const value = asn1.sequence(encodeDirectoryName(admissionAuthority), asn1.sequence(contents));
  return { oid: CE.admission, critical: false, value };
}

/** Reads an Admission; naming authorities are passed over. Real ones put the authority outside or inside the contents. */
export function parseAdmission(value: Uint8Array): Admission {
  const syntax = openWhole(value);
  let authority = syntax.peek() === TAG.sequence ? undefined : readGeneralName(syntax.next());
  const professionInfos: ProfessionInfo[] = [];
  const contents = syntax.into(TAG.sequence);
  syntax.end();
  while (!contents.atEnd) {
    const one = contents.into(TAG.sequence);
    const own = one.intoOptional(context(0));
    if (own && !authority) authority = readGeneralName(own.next());
    one.readOptional(context(1));
    const infos = one.into(TAG.sequence);
    while (!infos.atEnd) professionInfos.push(readProfessionInfo(infos.into(TAG.sequence)));
  }
  return { ...(authority && { admissionAuthority: authority }), professionInfos };
}

function readProfessionInfo(info: Cursor): ProfessionInfo {
  info.readOptional(context(0));
  const professionItems = [...info.into(TAG.sequence).elements()].map(textOf);
  const oids = info.intoOptional(TAG.sequence);
  const professionOids = oids ? readOids(oids) : [];
  const number = info.readOptional(TAG.printableString);
  return { professionItems, professionOids, ...(number && { registrationNumber: textOf(number) }) };
}
