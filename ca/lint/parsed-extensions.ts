import type { Certificate } from '../../pki/certificate.ts';
import type { Extensions } from '../../pki/extension.ts';
import { parseAdmission } from '../../pki/extensions/admission.ts';
import { parseAuthorityInfoAccess } from '../../pki/extensions/authority-information-access.ts';
import { parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import { parseCrlDistributionPoints } from '../../pki/extensions/crl-distribution-points.ts';
import { parseExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts';
import {
  parseAuthorityKeyIdentifier,
  parseSubjectKeyIdentifier,
} from '../../pki/extensions/key-identifiers.ts';
import { parseKeyUsage } from '../../pki/extensions/key-usage.ts';
import { parseQcStatements } from '../../pki/extensions/qc-statements.ts';
import { parseSubjectAltName, permanentIdentifierOf } from '../../pki/extensions/subject-alternative-name.ts';
import type { PermanentIdentifier } from '../../pki/extensions/subject-alternative-name.ts';
import { CE } from '../../pki/oid.ts';
import { readPolicies } from './read-policies.ts';
import { oncePer } from './once-per.ts';

/**
 * The values of a certificate's extensions, each read when first asked for and kept: dozens of rules look at the same
 * ten extensions. A value is undefined where there is no such extension, and throws PkiError where it is unreadable.
 */
class ParsedExtensions {
  readonly #extensions: Extensions;
  readonly #values = new Map<string, unknown>();
  #permanentIdentifier: PermanentIdentifier | undefined;

  constructor(extensions: Extensions) {
    this.#extensions = extensions;
  }

  get authorityKeyIdentifier() {
    return this.#read(CE.authorityKeyIdentifier, readAuthorityKeyIdentifier);
  }

  get subjectKeyIdentifier() {
    return this.#read(CE.subjectKeyIdentifier, parseSubjectKeyIdentifier);
  }

  get keyUsage() {
    return this.#read(CE.keyUsage, parseKeyUsage);
  }

  get basicConstraints() {
    return this.#read(CE.basicConstraints, parseBasicConstraints);
  }

  get extendedKeyUsage() {
    return this.#read(CE.extKeyUsage, parseExtendedKeyUsage);
  }

  get certificatePolicies() {
    return this.#read(CE.certificatePolicies, readPolicies);
  }

  get subjectAltName() {
    return this.#read(CE.subjectAltName, parseSubjectAltName);
  }

  get crlDistributionPoints() {
    return this.#read(CE.cRLDistributionPoints, parseCrlDistributionPoints);
  }

  get authorityInfoAccess() {
    return this.#read(CE.authorityInfoAccess, parseAuthorityInfoAccess);
  }

  get qcStatements() {
    return this.#read(CE.qcStatements, parseQcStatements);
  }

  get admission() {
    return this.#read(CE.admission, parseAdmission);
  }

  /** The one of subjectAltName. */
  get permanentIdentifier(): PermanentIdentifier | undefined {
    const names = this.subjectAltName;
    return (this.#permanentIdentifier ??= permanentIdentifierOf(names ?? []));
  }

  #read<T>(oid: string, parse: (value: Buffer) => T): T | undefined {
    // First of all: whoever watches the extensions is to see that this one is read, known or not.
    const extension = this.#extensions.get(oid);
    if (!extension) return undefined;
    const known = this.#values.get(oid);
    if (known !== undefined) return known as T;
    const value = parsedAsBefore(extension.value, parse);
    this.#values.set(oid, value);
    return value;
  }
}

/** By reader: what it read last. Most extensions of a certificate are, octet for octet, those of the one before it. */
const lastRead = new Map<(value: Buffer) => unknown, { octets: Buffer; value: unknown }>();

/** Values are not changed by anybody, so certificates may share them. */
function parsedAsBefore<T>(octets: Buffer, parse: (value: Buffer) => T): T {
  const last = lastRead.get(parse);
  if (last?.octets.equals(octets)) return last.value as T;
  const value = parse(octets);
  lastRead.set(parse, { octets, value });
  return value;
}

/** The parsed extensions of a certificate, shared by all rules. */
export const parsedExtensions = oncePer(({ extensions }: Certificate) => new ParsedExtensions(extensions));

/** keyIdentifier is optional; an object says that the extension is there without it. */
function readAuthorityKeyIdentifier(value: Buffer): { keyIdentifier?: Buffer } {
  const keyIdentifier = parseAuthorityKeyIdentifier(value);
  return keyIdentifier ? { keyIdentifier } : {};
}
