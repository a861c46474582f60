import * as asn1 from './der/encode.ts';
import { isStringTag } from './der/values.ts';
import type { Name, NameAttribute } from './name.ts';
import { AT } from './oid.ts';

/** Descriptors that are registered for LDAP (RFC 4514 §3, RFC 4519 §2). */
const DESCRIPTORS: Readonly<Record<string, string>> = {
  [AT.commonName]: 'CN',
  [AT.localityName]: 'L',
  [AT.stateOrProvinceName]: 'ST',
  [AT.organizationName]: 'O',
  [AT.organizationalUnitName]: 'OU',
  [AT.countryName]: 'C',
  [AT.surname]: 'sn',
  [AT.givenName]: 'givenName',
  [AT.serialNumber]: 'serialNumber',
  [AT.title]: 'title',
};

/** A name as LDAP writes it: the last relative name first. For programs that show it; compare the encoding. */
export function rfc4514Text(name: Name): string {
  return name.rdns
    .map((rdn) => rdn.map(attributeText).join('+'))
    .reverse()
    .join(',');
}

/** §2.4: a type without a descriptor has its number, and its value as the hexadecimal form of its encoding. */
function attributeText({ type, value, tag }: NameAttribute): string {
  const descriptor = DESCRIPTORS[type];
  if (descriptor === undefined) {
    const hex = isStringTag(tag) ? `#${asn1.element(tag, Buffer.from(value)).toString('hex')}` : value;
    return `${type}=${hex}`;
  }
  return `${descriptor}=${isStringTag(tag) ? escaped(value) : value}`;
}

function escaped(value: string): string {
  return value
    .replace(/["+,;<>\\]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/\p{Cc}/gu, (control) => `\\${Buffer.from(control).toString('hex')}`);
}
