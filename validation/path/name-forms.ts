import type { Certificate } from '../../pki/certificate.ts';
import { contextPrimitive } from '../../pki/der/tag.ts';
import type { GeneralName } from '../../pki/extensions/general-name.ts';
import { parseSubjectAltName } from '../../pki/extensions/subject-alternative-name.ts';
import { rdnKeys } from '../../pki/name.ts';
import { AT, CE } from '../../pki/oid.ts';

/** A name as constraints compare it (RFC 5280 §4.2.1.10). `unreadable`: of a form, but not as the form prescribes. */
export type ComparableName =
  | { form: 'dns' | 'uri'; host: string }
  | { form: 'email'; localPart: string; host: string }
  | { form: 'ip'; address: Buffer }
  | { form: 'directoryName'; rdns: string[] }
  | { form: 'unreadable'; of: NameForm }
  /** A form that is not compared, by its tag or, for otherName, its type. */
  | { form: 'other'; kind: string };

export type NameForm = 'dns' | 'uri' | 'email' | 'ip' | 'directoryName';

const IP_ADDRESS_TAG = contextPrimitive(7);

/** SmtpUTF8Mailbox: e-mail constraints hold for it as well (RFC 9598 §6), and it is not compared. */
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

const known = new WeakMap<Certificate, ComparableName[]>();

/** All names of a certificate's subject; throws PkiError for alternative names that cannot be read. */
export function namesOf(certificate: Certificate): ComparableName[] {
  let names = known.get(certificate);
  if (!names) {
    names = readNames(certificate);
    known.set(certificate, names);
  }
  return names;
}

/** Labels of letters, digits, hyphens and underscores, which are in use; without a dot at the end. */
export const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)*[a-z0-9_](?:[a-z0-9_-]{0,62})$/;

/** Which form a general name has; undefined for those that are not compared. */
export function formOf(name: GeneralName): NameForm | undefined {
  if (name.kind === 'other') return name.tag === IP_ADDRESS_TAG ? 'ip' : undefined;
  return name.kind === 'otherName' ? undefined : name.kind;
}

/** What stands for a form that is not compared. */
export function kindOf(name: GeneralName): string {
  return name.kind === 'other' ? `tag 0x${name.tag.toString(16)}` : name.kind;
}

function readNames(certificate: Certificate): ComparableName[] {
  const { subject } = certificate;
  const names: ComparableName[] = [];
  if (subject.rdns.length > 0) names.push({ form: 'directoryName', rdns: rdnKeys(subject) });
  // §4.2.1.10 asks for it where no alternative name is there; an address in both places must satisfy both.
  for (const { type, value } of subject.rdns.flat()) if (type === AT.emailAddress) names.push(mailbox(value));
  const alternative = certificate.extensions.get(CE.subjectAltName);
  if (alternative) names.push(...parseSubjectAltName(alternative.value).map(comparable));
  return names;
}

function comparable(name: GeneralName): ComparableName {
  switch (name.kind) {
    case 'dns':
      return host('dns', name.value.toLowerCase());
    case 'email':
      return mailbox(name.value);
    case 'uri':
      return host('uri', hostOfUri(name.value));
    case 'directoryName':
      return { form: 'directoryName', rdns: rdnKeys(name.name) };
    case 'otherName':
      return name.type === SMTP_UTF8_MAILBOX ? unreadable('email') : { form: 'other', kind: kindOf(name) };
    case 'other':
      if (name.tag !== IP_ADDRESS_TAG) return { form: 'other', kind: kindOf(name) };
      return [4, 16].includes(name.content.length) ? { form: 'ip', address: name.content } : unreadable('ip');
  }
}

/** A wildcard is its first label alone (RFC 6125 §7.2). */
function host(form: 'dns' | 'uri', text: string | undefined): ComparableName {
  if (text === undefined || !HOST.test(form === 'dns' ? text.replace(/^\*\./, '') : text)) {
    return unreadable(form);
  }
  return { form, host: text };
}

function mailbox(text: string): ComparableName {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1).toLowerCase();
  if (at < 1 || !HOST.test(domain)) return unreadable('email');
  return { form: 'email', localPart: text.slice(0, at), host: domain };
}

/** The host of a URI with an authority; an address in numbers is none that a constraint could name (§4.2.1.10). */
function hostOfUri(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  const name = authority
    ?.slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
  return name !== undefined && !/^[\d.]+$/.test(name) ? name : undefined;
}

function unreadable(of: NameForm): ComparableName {
  return { form: 'unreadable', of };
}
