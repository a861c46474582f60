import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';

import { addDuration, parseDuration } from '../core/duration.ts';
import { isSupportedHere } from '../pki/runtime-support.ts';
import { CaError } from './ca-error.ts';
import { LONGEST_LIVES } from './lint/rules/leaf-lifetime.ts';
import { profileFaults } from './profile-faults.ts';
import type { Profile, Purpose } from './profile.ts';

export type Profiles = ReadonlyMap<string, Profile>;

/**
 * Reads each `*.yaml` file of a folder as a profile. Throws CaError `profile-invalid` that names the file and
 * every fault in it: a typo (with its line and the likely name), settings that contradict
 * each other, or a type of key that this runtime lacks.
 */
export async function loadProfiles(folder: string): Promise<Profiles> {
  const profiles = new Map<string, Profile>();
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  for (const file of files) {
    const profile = parseProfile(await readFile(join(folder, file), 'utf8'), file);
    if (profiles.has(profile.id))
      throw new CaError('profile-invalid', `${file}: profile ${profile.id} exists twice`);
    profiles.set(profile.id, profile);
  }
  if (profiles.size === 0) throw new CaError('profile-invalid', `${folder}: no profile files`);
  return profiles;
}

/** The profile of an id that the house itself relies on. */
export function requiredProfile(profiles: Profiles, id: string): Profile {
  const profile = profiles.get(id);
  if (!profile) throw new CaError('profile-unknown', `no profile ${id}`);
  return profile;
}

/** Reads one profile from YAML text; `file` is for the message. */
export function parseProfile(text: string, file: string): Profile {
  const lines = new LineCounter();
  const document = parseYaml(text, file, lines);
  const faults = profileFaults(document, lines);
  if (faults.length > 0) throw new CaError('profile-invalid', `${file}: ${faults.join('; ')}`);
  const profile = document.toJS() as Profile;
  const contradictions = CONTRADICTIONS.filter((rule) => rule.holds(profile)).map((rule) => rule.fault);
  if (contradictions.length > 0)
    throw new CaError('profile-invalid', `${file}: ${contradictions.join('; ')}`);
  return profile;
}

function parseYaml(text: string, file: string, lineCounter: LineCounter): Document {
  const document = parseDocument(text, { strict: true, uniqueKeys: true, lineCounter });
  const [cause] = document.errors;
  if (!cause) return document;
  throw new CaError('profile-invalid', `${file}: not YAML: ${cause.message.split('\n')[0]}`, { cause });
}

const AUTHORITY_PURPOSES: readonly Purpose[] = ['intermediate', 'root'];
const NATURAL_PERSONS: readonly Purpose[] = ['signing', 'authentication'];
const isAuthority = (profile: Profile) => AUTHORITY_PURPOSES.includes(profile.purpose);
const usages = (profile: Profile): readonly string[] => profile.extensions.keyUsage;
const purposes = (profile: Profile): readonly string[] => profile.extensions.extendedKeyUsage?.purposes ?? [];

/** What a schema cannot say, each with the clause that it breaks. */
const CONTRADICTIONS: readonly { fault: string; holds: (profile: Profile) => boolean }[] = [
  {
    fault: 'validity is not an ISO 8601 duration',
    holds: (p) => !isDuration(p.validity),
  },
  {
    fault: 'a person lives with one certificate for three years at most, an OCSP responder for one',
    holds: (p) => isDuration(p.validity) && outlives(p),
  },
  {
    fault: `this runtime (Node ${process.versions.node}, OpenSSL ${process.versions.openssl}) has no ML-DSA-65, which keyTypes allows; Node 24.6 has`,
    holds: (p) => !p.keyTypes.every(isSupportedHere),
  },
  {
    fault: 'the certificate of a person names a policy (EN 319 412-2 GEN-4.3.3-2)',
    holds: (p) => NATURAL_PERSONS.includes(p.purpose) && p.extensions.policies === undefined,
  },
  {
    fault: 'attestedKeyPolicy is for keys that are made on phones, and beside other policies',
    holds: (p) =>
      p.extensions.attestedKeyPolicy !== undefined &&
      (p.keyStorage !== 'phone' || p.extensions.policies === undefined),
  },
  {
    fault: 'each subject attribute takes its value either from `value` or from `from`',
    holds: (p) => p.subject.some((a) => (a.value === undefined) === (a.from === undefined)),
  },
  {
    fault: 'basicConstraints.ca does not fit the purpose (RFC 5280 §4.2.1.9)',
    holds: (p) => p.extensions.basicConstraints.ca !== isAuthority(p),
  },
  {
    fault: 'pathLength without ca (RFC 5280 §4.2.1.9)',
    holds: (p) => !p.extensions.basicConstraints.ca && p.extensions.basicConstraints.pathLength !== undefined,
  },
  {
    fault: 'keyCertSign and cRLSign belong to authorities, and to them alone (RFC 5280 §4.2.1.3)',
    holds: (p) => (usages(p).includes('keyCertSign') || usages(p).includes('cRLSign')) !== isAuthority(p),
  },
  {
    fault: 'a signing certificate has nonRepudiation and documentSigning, and no clientAuth',
    holds: (p) =>
      p.purpose === 'signing' &&
      !(
        usages(p).includes('nonRepudiation') &&
        purposes(p).includes('documentSigning') &&
        !purposes(p).includes('clientAuth')
      ),
  },
  {
    fault: 'an authentication certificate never has nonRepudiation',
    holds: (p) => p.purpose === 'authentication' && usages(p).includes('nonRepudiation'),
  },
  {
    fault: 'a time stamping certificate has exactly one, critical, purpose: timeStamping (RFC 3161 §2.3)',
    holds: (p) =>
      p.purpose === 'time-stamping' &&
      !(purposes(p).join() === 'timeStamping' && p.extensions.extendedKeyUsage?.critical === true),
  },
  {
    fault: 'an OCSP responder has ocspSigning and ocspNoCheck (RFC 6960 §4.2.2.2), nobody else has',
    holds: (p) =>
      (purposes(p).includes('ocspSigning') && p.extensions.ocspNoCheck === true) !==
        (p.purpose === 'ocsp-responder') ||
      (p.purpose !== 'ocsp-responder' &&
        (purposes(p).includes('ocspSigning') || p.extensions.ocspNoCheck === true)),
  },
  {
    fault: 'admission and permanentIdentifier belong to certificates of practitioners',
    holds: (p) =>
      !['signing', 'authentication'].includes(p.purpose) &&
      (p.extensions.admission === true || p.extensions.permanentIdentifier !== undefined),
  },
  {
    fault: 'the prefix PNOIR- and naturalPersonSemantics come together (ETSI EN 319 412-1 §5.1.3)',
    holds: (p) =>
      p.subject.some(({ prefix }) => prefix === 'PNOIR-') !== (p.extensions.naturalPersonSemantics === true),
  },
  {
    fault: 'a certificate that can be revoked says where its status is to be had',
    holds: (p) =>
      p.purpose !== 'root' &&
      p.extensions.crlDistributionPoint === undefined &&
      p.extensions.ocspNoCheck !== true,
  },
];

/** Whatever the lint of each certificate would refuse is refused at the start. */
function outlives({ purpose, validity }: Profile): boolean {
  const longest = LONGEST_LIVES[purpose === 'seal' ? 'other' : purpose];
  if (!longest) return false;
  // From a year with no leap day near, so that equal durations are equally long.
  const from = new Date('2025-03-01T00:00:00Z');
  return addDuration(from, parseDuration(validity)) > addDuration(from, longest.duration);
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}
