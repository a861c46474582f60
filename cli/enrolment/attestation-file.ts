import { dirname, resolve } from 'node:path';

import { DomainError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import type { AndroidApp, AndroidPolicy, ApplePolicy } from '../../keys/attestation/attestation-policy.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { readInputFile } from '../read-input-file.ts';

/** What the file of `MOHR_ATTESTATION_FILE` says; paths in it are relative to it. */
export interface AttestationFile {
  android?: Omit<AndroidPolicy, 'statuses'> & { statusList: StatusListFile };
  apple?: ApplePolicy;
}

export interface StatusListFile {
  path: string;
  /** Since it was written; an older one is none. */
  hoursMax: number;
}

/** Google publishes changes within a day or two. */
const STATUS_LIST_HOURS = 48;

/** Reads the file and the roots that it names; throws DomainError `attestation-file` or `input-unreadable`. */
export async function readAttestationFile(path: string): Promise<AttestationFile> {
  const fault = (detail: string) => new DomainError('attestation-file', `${path}: ${detail}`);
  const file = new Section(jsonOf(await readInputFile(path), fault), dirname(path), fault);
  const android = file.section('android');
  const apple = file.section('apple');
  file.end();
  return {
    ...(android && { android: await readAndroid(android) }),
    ...(apple && { apple: await readApple(apple) }),
  };
}

async function readAndroid(section: Section): Promise<NonNullable<AttestationFile['android']>> {
  const roots = await section.certificates('roots');
  const apps = section.list('apps').map((one) => readApp(section, one));
  const path = resolve(section.folder, section.text('statusList'));
  const hoursMax = section.number('statusListHoursMax', 1, 24 * 31) ?? STATUS_LIST_HOURS;
  const patchLevelMin = section.number('patchLevelMin', 201_501, 299_912);
  section.end();
  return {
    roots,
    apps,
    statusList: { path, hoursMax },
    ...(patchLevelMin !== undefined && { patchLevelMin }),
  };
}

async function readApple(section: Section): Promise<ApplePolicy> {
  const roots = await section.certificates('roots');
  const appIds = section.list('appIds').map((id) => {
    if (typeof id === 'string' && /^[A-Z0-9]{10}\.[A-Za-z0-9.-]{1,155}$/.test(id)) return id;
    throw section.fault('appIds: each is `<team>.<bundle>`');
  });
  section.end();
  return { roots, appIds };
}

function readApp({ fault }: Section, value: unknown): AndroidApp {
  const { package: packageName, signerSha256 } = isObject(value) ? value : {};
  const isSigners =
    Array.isArray(signerSha256) &&
    signerSha256.length > 0 &&
    signerSha256.every((hex) => /^[0-9a-fA-F]{64}$/.test(String(hex)));
  if (typeof packageName !== 'string' || !isSigners)
    throw fault('apps: each has a `package` and the `signerSha256` of its certificates, hexadecimal');
  return { packageName, signerSha256: signerSha256.map((hex) => Buffer.from(String(hex), 'hex')) };
}

/** One object of the file: each member is read once, and one that nobody has read is a mistake. */
class Section {
  readonly folder: string;
  readonly fault: (detail: string) => DomainError;
  readonly #members: Map<string, unknown>;

  constructor(value: unknown, folder: string, fault: (detail: string) => DomainError) {
    if (!isObject(value)) throw fault('expected an object');
    this.#members = new Map(Object.entries(value));
    this.folder = folder;
    this.fault = fault;
  }

  section(name: string): Section | undefined {
    const value = this.#take(name);
    return value === undefined
      ? undefined
      : new Section(value, this.folder, (detail) => this.fault(`${name}: ${detail}`));
  }

  text(name: string): string {
    const value = this.#take(name);
    if (typeof value === 'string' && value !== '') return value;
    throw this.fault(`${name} is missing`);
  }

  list(name: string): unknown[] {
    const value = this.#take(name);
    if (Array.isArray(value) && value.length > 0) return value;
    throw this.fault(`${name}: expected a list with something in it`);
  }

  number(name: string, min: number, max: number): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw this.fault(`${name}: expected a whole number, ${min} to ${max}`);
  }

  async certificates(name: string): Promise<Certificate[]> {
    const path = resolve(this.folder, this.text(name));
    const blocks = decodePem((await readInputFile(path)).toString('utf8'), ['CERTIFICATE']);
    if (blocks.length === 0) throw this.fault(`${name}: no certificate in ${path}`);
    return blocks.map(({ bytes }) => parseCertificate(bytes));
  }

  end(): void {
    const [unknown] = this.#members.keys();
    if (unknown !== undefined) throw this.fault(`${unknown}: no such member`);
  }

  #take(name: string): unknown {
    const value = this.#members.get(name);
    this.#members.delete(name);
    return value;
  }
}

function jsonOf(bytes: Buffer, fault: (detail: string) => DomainError): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw fault('not JSON');
  }
}
