import type { Certificate } from '../../pki/certificate.ts';
import { contextPrimitive } from '../../pki/der/tag.ts';
import type { BasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import type { GeneralName } from '../../pki/extensions/general-name.ts';
import { parseSubjectAltName } from '../../pki/extensions/subject-alternative-name.ts';
import { CE } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';

// RFC 5280 §6 asks little of a certificate by itself; §4 forbids CAs more. What is held against a certificate here either contradicts
// itself or can be read in two ways. What is merely left out (key identifiers, keyUsage of a CA) or odd (a serial number below one,
// §4.1.2.2) is let through: too many are like that, and nothing follows from it.

/** What of its extensions is held against each other; an absent extension is an absent field. */
interface ReadExtensions {
  basicConstraints?: BasicConstraints;
  keyUsage?: readonly string[];
  extendedKeyUsage?: readonly string[];
  policies?: ReadonlySet<string>;
  nameConstraints?: object;
}

type Contradiction = (certificate: Certificate, read: ReadExtensions) => string | undefined;

const CONTRADICTIONS: readonly Contradiction[] = [
  // §4.1.2.2; CRLs and OCSP name a certificate by it.
  ({ serialNumber }) =>
    serialNumber.length > SERIAL_OCTETS_MAX ? `a serial number of ${serialNumber.length} octets` : undefined,
  // §4.1.2.4
  ({ issuer }) => (issuer.rdns.length === 0 ? 'no name of an issuer' : undefined),
  // §4.1.2.6
  ({ subject, extensions }, { basicConstraints }) => {
    if (subject.rdns.length > 0) return undefined;
    if (basicConstraints?.ca) return 'a CA without a name';
    return extensions.get(CE.subjectAltName)?.critical
      ? undefined
      : 'no subject, and no critical alternative name in its place';
  },
  // §4.2.1.6
  ({ extensions }) => {
    const extension = extensions.get(CE.subjectAltName);
    return extension && alternativeNamesFault(extension.value);
  },
  // §4.2.1.3
  (_, { keyUsage }) => (keyUsage?.length === 0 ? 'keyUsage without any' : undefined),
  // §4.2.1.4, §4.2.1.12: SEQUENCE SIZE (1..MAX)
  (_, { policies }) => (policies?.size === 0 ? 'certificate policies without any' : undefined),
  (_, { extendedKeyUsage }) => (extendedKeyUsage?.length === 0 ? 'extKeyUsage without any' : undefined),
  // §4.2.1.9
  (_, { basicConstraints, keyUsage }) =>
    keyUsage?.includes('keyCertSign') && !basicConstraints?.ca
      ? 'keyCertSign of one that is no CA'
      : undefined,
  (_, { basicConstraints }) =>
    basicConstraints?.pathLength !== undefined && !basicConstraints.ca
      ? 'pathLenConstraint of one that is no CA'
      : undefined,
  // §4.2.1.10
  (_, { basicConstraints, nameConstraints }) =>
    nameConstraints && !basicConstraints?.ca ? 'name constraints of one that is no CA' : undefined,
  // §4.2.1.1, §4.2.1.2, §4.2.2: what reads them differently reads another certificate.
  ({ extensions }) => {
    const wrong = NEVER_CRITICAL.find((oid) => extensions.get(oid)?.critical);
    return wrong && `extension ${wrong} must not be critical`;
  },
  // §4.2.1.10: a reader that does not know them would pass over them. (Of policyConstraints and inhibitAnyPolicy PKITS has others.)
  ({ extensions }) =>
    extensions.get(CE.nameConstraints)?.critical === false
      ? 'name constraints that are not critical'
      : undefined,
];

const SERIAL_OCTETS_MAX = 20;
const NEVER_CRITICAL = [CE.authorityKeyIdentifier, CE.subjectKeyIdentifier, CE.authorityInfoAccess];

/** What a certificate says against itself, whoever issued it and wherever it stands in a path. */
export function contradictionsIn(certificate: Certificate, read: ReadExtensions): string[] {
  return CONTRADICTIONS.flatMap((contradiction) => contradiction(certificate, read) ?? []);
}

function alternativeNamesFault(value: Buffer): string | undefined {
  try {
    const names = parseSubjectAltName(value);
    if (names.length === 0) return 'alternative names without any';
    return names.every(isWellFormed) ? undefined : 'an alternative name that its form does not allow';
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return `alternative names cannot be read: ${cause.detail}`;
  }
}

const IP_ADDRESS_TAG = contextPrimitive(7);

/** IA5String is ASCII, and a NUL has made readers stop early; an address has the octets of its version. */
function isWellFormed(name: GeneralName): boolean {
  switch (name.kind) {
    case 'dns':
    case 'email':
    case 'uri':
      return /^[\x20-\x7e]+$/.test(name.value);
    case 'other':
      return name.tag !== IP_ADDRESS_TAG || [4, 16].includes(name.content.length);
    case 'directoryName':
    case 'otherName':
      return true;
  }
}
