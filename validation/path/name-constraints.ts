import type { Certificate } from '../../pki/certificate.ts';
import type { GeneralName } from '../../pki/extensions/general-name.ts';
import type { NameConstraints } from '../../pki/extensions/name-constraints.ts';
import { rdnKeys } from '../../pki/name.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { HOST, formOf, kindOf, namesOf } from './name-forms.ts';
import type { ComparableName, NameForm } from './name-forms.ts';
import type { WorkBudget } from './work-budget.ts';

/** Whether a name lies in a subtree; for `excluded`, whether it may. */
type Subtree = (name: ComparableName) => boolean;

interface Subtrees {
  permitted: Subtree[];
  excluded: Subtree[];
}

/**
 * Why a CA's name constraints refuse a certificate below it (RFC 5280 §6.1.3 (b), (c)); undefined: they do not. Asking each
 * CA of a path by itself is the same as intersecting and joining their subtrees, and cannot grow. Throws PkiError for
 * names or constraints that cannot be read, and ValidationError `work-limit-exceeded`.
 */
export function nameConstraintFault(
  constraints: NameConstraints,
  certificate: Certificate,
  budget: WorkBudget,
): string | undefined {
  const compiled = compiledOf(constraints);
  for (const name of namesOf(certificate)) {
    const fault = faultOfName(name, compiled, budget);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfName(name: ComparableName, compiled: Compiled, budget: WorkBudget): string | undefined {
  if (name.form === 'other') {
    // §4.2.1.10: a constrained form that is not processed refuses the certificates that have such a name.
    return compiled.unprocessed.has(name.kind) ? `constraints on names of the form ${name.kind}` : undefined;
  }
  const subtrees = compiled.byForm.get(name.form === 'unreadable' ? name.of : name.form);
  if (!subtrees) return undefined;
  if (name.form === 'unreadable') return `a name of the form ${name.of} that cannot be read`;
  budget.spend('name comparisons', subtrees.permitted.length + subtrees.excluded.length);
  const { permitted, excluded } = subtrees;
  if (permitted.length > 0 && !permitted.some((subtree) => subtree(name)))
    return `a name of the form ${name.form} outside of the permitted subtrees`;
  return excluded.some((subtree) => subtree(name))
    ? `a name of the form ${name.form} in an excluded subtree`
    : undefined;
}

interface Compiled {
  byForm: Map<NameForm, Subtrees>;
  unprocessed: Set<string>;
}

/** Constraints stand in few CAs and are asked for every certificate below them. */
const known = new WeakMap<NameConstraints, Compiled>();

function compiledOf(constraints: NameConstraints): Compiled {
  let compiled = known.get(constraints);
  if (!compiled) {
    compiled = { byForm: new Map(), unprocessed: new Set() };
    for (const base of constraints.permitted) add(compiled, 'permitted', base);
    for (const base of constraints.excluded) add(compiled, 'excluded', base);
    known.set(constraints, compiled);
  }
  return compiled;
}

function add({ byForm, unprocessed }: Compiled, list: keyof Subtrees, base: GeneralName): void {
  const form = formOf(base);
  if (!form) {
    unprocessed.add(kindOf(base));
    return;
  }
  const subtrees = byForm.get(form) ?? { permitted: [], excluded: [] };
  byForm.set(form, subtrees);
  subtrees[list].push(subtreeOf(base, list === 'excluded'));
}

function subtreeOf(base: GeneralName, excluded: boolean): Subtree {
  switch (base.kind) {
    case 'dns':
      return dnsSubtree(base.value.toLowerCase(), excluded);
    case 'email':
      return emailSubtree(base.value);
    case 'uri':
      return uriSubtree(base.value.toLowerCase());
    case 'directoryName':
      return directorySubtree(rdnKeys(base.name));
    case 'other':
      return ipSubtree(base.content);
    case 'otherName':
      throw new Error('otherName is not compared');
  }
}

/** Zero or more labels before the base. A dot at its beginning is the form of URIs, not of DNS names. */
function dnsSubtree(base: string, excluded: boolean): Subtree {
  if (base === '') return () => true;
  assertHost(base);
  const parent = base.slice(base.indexOf('.') + 1);
  return (name) => {
    if (name.form !== 'dns') return false;
    if (isAtOrBelow(name.host, base)) return true;
    // `*.example.com` may be used for an excluded `www.example.com`.
    return excluded && name.host === `*.${parent}`;
  };
}

/** A mailbox, a host, or, with a dot before it, the hosts of a domain. */
function emailSubtree(base: string): Subtree {
  const at = base.lastIndexOf('@');
  const domain = base.slice(at + 1).toLowerCase();
  if (base === '') return (name) => name.form === 'email';
  assertHost(at < 0 ? domain.replace(/^\./, '') : domain);
  if (at < 0) return (name) => name.form === 'email' && isHostOrBelowDot(name.host, domain);
  const localPart = base.slice(0, at);
  return (name) => name.form === 'email' && name.host === domain && name.localPart === localPart;
}

/** A host, or, with a dot before it, the hosts of a domain. */
function uriSubtree(base: string): Subtree {
  if (base === '') return (name) => name.form === 'uri';
  assertHost(base.replace(/^\./, ''));
  return (name) => name.form === 'uri' && isHostOrBelowDot(name.host, base);
}

/** The base's RDNs are the first ones of the name's (X.501). */
function directorySubtree(base: string[]): Subtree {
  return (name) => name.form === 'directoryName' && base.every((rdn, index) => name.rdns[index] === rdn);
}

/** Address and mask of 4 or 16 octets each (RFC 4632, RFC 4291). */
function ipSubtree(base: Buffer): Subtree {
  const octets = base.length / 2;
  if (octets !== 4 && octets !== 16) throw malformed(`an address range of ${base.length} octets`);
  const address = base.subarray(0, octets);
  const mask = base.subarray(octets);
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  if (!/^1*0*$/.test(bits)) throw malformed('an address mask with holes');
  return (name) =>
    name.form === 'ip' &&
    name.address.length === octets &&
    mask.every((octet, index) => (name.address[index] & octet) === (address[index] & octet));
}

function isAtOrBelow(host: string, base: string): boolean {
  return (
    host.endsWith(base) &&
    (host.length === base.length || host.charCodeAt(host.length - base.length - 1) === DOT)
  );
}

function isHostOrBelowDot(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) && host.length > base.length : host === base;
}

const DOT = 0x2e;

function assertHost(text: string): void {
  if (!HOST.test(text)) throw malformed('a constraint that is no host name');
}

function malformed(detail: string): PkiError {
  return new PkiError('name-malformed', detail);
}
