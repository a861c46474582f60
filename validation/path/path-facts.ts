import type { Certificate } from '../../pki/certificate.ts';
import type { Extension } from '../../pki/extension.ts';
import { parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import type { BasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import { parseCertificatePolicies } from '../../pki/extensions/certificate-policies.ts';
import { parseExtendedKeyUsage } from '../../pki/extensions/extended-key-usage.ts';
import { parseKeyUsage } from '../../pki/extensions/key-usage.ts';
import type { KeyUsage } from '../../pki/extensions/key-usage.ts';
import { parseNameConstraints } from '../../pki/extensions/name-constraints.ts';
import type { NameConstraints } from '../../pki/extensions/name-constraints.ts';
import { parseInhibitAnyPolicy, parsePolicyConstraints } from '../../pki/extensions/policy-constraints.ts';
import type { PolicyConstraints } from '../../pki/extensions/policy-constraints.ts';
import { parsePolicyMappings } from '../../pki/extensions/policy-mappings.ts';
import type { PolicyMapping } from '../../pki/extensions/policy-mappings.ts';
import { sameName } from '../../pki/name.ts';
import { CE, PKIX } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { contradictionsIn } from './contradictions.ts';

/** What path validation reads in a certificate (RFC 5280 §6.1); an absent extension is an absent field. */
export interface PathFacts {
  selfIssued: boolean;
  basicConstraints?: BasicConstraints;
  keyUsage?: KeyUsage[];
  extendedKeyUsage?: string[];
  /** Policies in certificatePolicies, each once. */
  policies?: ReadonlySet<string>;
  policyMappings?: PolicyMapping[];
  policyConstraints?: PolicyConstraints;
  inhibitAnyPolicy?: number;
  nameConstraints?: NameConstraints;
  /** What cannot be read, or is critical and not processed (§6.1.4 (o), §6.1.5 (f)). */
  faults: string[];
  /** What it says against itself; of an anchor, which is trusted for itself, it does not matter. */
  contradictions: readonly string[];
}

/** The CAs' certificates are the same objects in every validation: each is read once. */
const known = new WeakMap<Certificate, PathFacts>();

export function pathFactsOf(certificate: Certificate): PathFacts {
  let facts = known.get(certificate);
  if (!facts) {
    facts = readFacts(certificate);
    known.set(certificate, facts);
  }
  return facts;
}

/** How each extension that is processed is read. */
const READERS: Readonly<Record<string, (value: Buffer) => Partial<PathFacts>>> = {
  [CE.basicConstraints]: (value) => ({ basicConstraints: parseBasicConstraints(value) }),
  [CE.keyUsage]: (value) => ({ keyUsage: parseKeyUsage(value) }),
  [CE.extKeyUsage]: (value) => ({ extendedKeyUsage: parseExtendedKeyUsage(value) }),
  [CE.certificatePolicies]: (value) => ({ policies: readPolicies(value) }),
  [CE.policyMappings]: (value) => ({ policyMappings: readMappings(value) }),
  [CE.policyConstraints]: (value) => ({ policyConstraints: parsePolicyConstraints(value) }),
  [CE.inhibitAnyPolicy]: (value) => ({ inhibitAnyPolicy: parseInhibitAnyPolicy(value) }),
  [CE.nameConstraints]: (value) => ({ nameConstraints: parseNameConstraints(value) }),
};

/** Read elsewhere, by name constraints and the check of revocation, or saying nothing that narrows a path. */
const READ_ELSEWHERE: ReadonlySet<string> = new Set([
  CE.subjectAltName,
  CE.cRLDistributionPoints,
  CE.freshestCRL,
]);

function readFacts(certificate: Certificate): PathFacts {
  const facts: PathFacts = {
    selfIssued: sameName(certificate.subject, certificate.issuer),
    faults: [],
    contradictions: [],
  };
  for (const extension of certificate.extensions.values()) {
    const fault = readInto(facts, extension);
    if (fault !== undefined) facts.faults.push(fault);
  }
  facts.contradictions = contradictionsIn(certificate, facts);
  return facts;
}

function readInto(facts: PathFacts, { oid, critical, value }: Extension): string | undefined {
  const reader = READERS[oid];
  if (!reader) {
    return critical && !READ_ELSEWHERE.has(oid) ? `critical extension ${oid} is not processed` : undefined;
  }
  try {
    Object.assign(facts, reader(value));
    return undefined;
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return `extension ${oid} cannot be read: ${cause.detail}`;
  }
}

/** A policy must not stand twice (§4.2.1.4): two qualifiers of one policy would contradict each other. */
function readPolicies(value: Buffer): ReadonlySet<string> {
  const list = parseCertificatePolicies(value).map(({ policy }) => policy);
  const policies = new Set(list);
  if (policies.size !== list.length) throw new PkiError('der-malformed', 'a policy stands twice');
  return policies;
}

/** §6.1.4 (a): anyPolicy is neither mapped nor mapped to. */
function readMappings(value: Buffer): PolicyMapping[] {
  const mappings = parsePolicyMappings(value);
  const ofAny = mappings.some(
    ({ issuerDomainPolicy, subjectDomainPolicy }) =>
      issuerDomainPolicy === PKIX.anyPolicy || subjectDomainPolicy === PKIX.anyPolicy,
  );
  if (ofAny) throw new PkiError('der-malformed', 'anyPolicy is mapped');
  return mappings;
}
