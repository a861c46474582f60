import type { Certificate } from '../../pki/certificate.ts';
import type { Extension, Extensions } from '../../pki/extension.ts';
import type { LintedCertificate } from './lint.ts';
import { FACTS } from './once-per.ts';
import type { Facts } from './once-per.ts';
import { noteReads } from './reads.ts';

/** Parts that are read apart from each other. */
const PART = {
  /** In every certificate another: the encoding as a whole, serial number and signature. */
  unique: 1,
  version: 1 << 1,
  issuer: 1 << 2,
  subject: 1 << 3,
  notBefore: 1 << 4,
  notAfter: 1 << 5,
  subjectPublicKeyInfo: 1 << 6,
  signatureAlgorithm: 1 << 7,
  now: 1 << 8,
} as const;

/** Extensions have a part each, by their position; those that are too many share the last. */
const FIRST_EXTENSION = 9;
const LAST_BIT = 30;

/** A certificate about to be linted that notes which of its parts are read. */
export class WatchedCertificate implements Certificate {
  readonly #certificate: Certificate;
  readonly extensionList: readonly Extension[];
  readonly #extensions: WatchedExtensions;
  [FACTS]: Facts = [];

  constructor(certificate: Certificate) {
    this.#certificate = certificate;
    this.extensionList = [...certificate.extensions.values()];
    this.#extensions = new WatchedExtensions(certificate.extensions, this.extensionList);
  }

  /**
   * The parts that are others than in a certificate with the same extensions in the same order; undefined where they are not
   * the same, so that nothing can be said.
   */
  changesSince(last: WatchedCertificate): number | undefined {
    const [now, then] = [this.#certificate, last.#certificate];
    if (this.extensionList.length !== last.extensionList.length) return undefined;
    let changed: number = PART.unique;
    if (now.version !== then.version) changed |= PART.version;
    if (!now.issuer.bytes.equals(then.issuer.bytes)) changed |= PART.issuer;
    if (!now.subject.bytes.equals(then.subject.bytes)) changed |= PART.subject;
    if (now.notBefore.getTime() !== then.notBefore.getTime()) changed |= PART.notBefore;
    if (now.notAfter.getTime() !== then.notAfter.getTime()) changed |= PART.notAfter;
    if (!now.subjectPublicKeyInfo.equals(then.subjectPublicKeyInfo)) changed |= PART.subjectPublicKeyInfo;
    if (!now.signatureAlgorithm.equals(then.signatureAlgorithm)) changed |= PART.signatureAlgorithm;
    for (const [index, extension] of this.extensionList.entries()) {
      const before = last.extensionList[index];
      if (extension.oid !== before.oid) return undefined;
      const isSame = extension.critical === before.critical && extension.value.equals(before.value);
      if (!isSame) changed |= partOfExtension(index);
    }
    return changed;
  }

  get bytes(): Buffer {
    noteReads(PART.unique);
    return this.#certificate.bytes;
  }

  get tbsCertificate(): Buffer {
    noteReads(PART.unique);
    return this.#certificate.tbsCertificate;
  }

  get serialNumber(): Buffer {
    noteReads(PART.unique);
    return this.#certificate.serialNumber;
  }

  get signature(): Buffer {
    noteReads(PART.unique);
    return this.#certificate.signature;
  }

  get version(): number {
    noteReads(PART.version);
    return this.#certificate.version;
  }

  get issuer(): Certificate['issuer'] {
    noteReads(PART.issuer);
    return this.#certificate.issuer;
  }

  get subject(): Certificate['subject'] {
    noteReads(PART.subject);
    return this.#certificate.subject;
  }

  get notBefore(): Date {
    noteReads(PART.notBefore);
    return this.#certificate.notBefore;
  }

  get notAfter(): Date {
    noteReads(PART.notAfter);
    return this.#certificate.notAfter;
  }

  get subjectPublicKeyInfo(): Buffer {
    noteReads(PART.subjectPublicKeyInfo);
    return this.#certificate.subjectPublicKeyInfo;
  }

  get signatureAlgorithm(): Buffer {
    noteReads(PART.signatureAlgorithm);
    return this.#certificate.signatureAlgorithm;
  }

  /** Handing out the map reads nothing yet. */
  get extensions(): Extensions {
    return this.#extensions;
  }
}

/** What a rule is given; the issuer is not watched, since a series has one. */
export class WatchedSubject implements LintedCertificate {
  readonly certificate: WatchedCertificate;
  readonly issuer?: Certificate;
  readonly #now: Date | undefined;

  constructor(certificate: WatchedCertificate, issuer: Certificate | undefined, now: Date | undefined) {
    this.certificate = certificate;
    if (issuer) this.issuer = issuer;
    this.#now = now;
  }

  get now(): Date | undefined {
    noteReads(PART.now);
    return this.#now;
  }

  /** As `changesSince` of the certificates, and the present. */
  changesSince(last: WatchedSubject): number | undefined {
    const changed = this.certificate.changesSince(last.certificate);
    if (changed === undefined || this.#now?.getTime() === last.#now?.getTime()) return changed;
    return changed | PART.now;
  }
}

/** Whether an extension is there is no part: a series has the same extensions throughout. */
class WatchedExtensions implements ReadonlyMap<string, Extension> {
  readonly #extensions: Extensions;
  readonly #list: readonly Extension[];

  constructor(extensions: Extensions, list: readonly Extension[]) {
    this.#extensions = extensions;
    this.#list = list;
  }

  get(oid: string): Extension | undefined {
    const found = this.#extensions.get(oid);
    if (found) noteReads(partOfExtension(this.#list.indexOf(found)));
    return found;
  }

  has(oid: string): boolean {
    return this.#extensions.has(oid);
  }

  get size(): number {
    return this.#extensions.size;
  }

  forEach(visit: (value: Extension, key: string, map: ReadonlyMap<string, Extension>) => void): void {
    for (const [oid, extension] of this.entries()) visit(extension, oid, this);
  }

  entries(): MapIterator<[string, Extension]> {
    this.#noteAll();
    return this.#extensions.entries();
  }

  keys(): MapIterator<string> {
    return this.#extensions.keys();
  }

  values(): MapIterator<Extension> {
    this.#noteAll();
    return this.#extensions.values();
  }

  [Symbol.iterator](): MapIterator<[string, Extension]> {
    return this.entries();
  }

  #noteAll(): void {
    for (let index = 0; index < this.#list.length; index += 1) noteReads(partOfExtension(index));
  }
}

function partOfExtension(index: number): number {
  return 1 << Math.min(FIRST_EXTENSION + index, LAST_BIT);
}
