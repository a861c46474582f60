import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';

/** An answer that is asked for: what the certificate is called by, and with which key clients want it signed. */
export interface HotAnswer {
  authorityId: string;
  algorithm: SignatureAlgorithmName;
  /** CertID, DER, an octet a character. */
  certId: string;
  /** That of the CertID, in the same form. */
  serialNumber: string;
}

/** As many as a responder key keeps answers. */
const HOT_MAX = 16_384;

/**
 * The answers that clients ask for, the least recently asked first: what is prepared ahead, and after a restart before the first
 * request. Which certificates, not by whom, how often or when. Bounded: the one that was not asked for the longest gives way.
 */
export class HotSet {
  readonly #answers = new Map<string, HotAnswer>();
  readonly #names = new Map<string, Set<string>>();
  #version = 0;

  get size(): number {
    return this.#answers.size;
  }

  /** Grows with every answer that comes or goes; an order that changed alone does not count. */
  get version(): number {
    return this.#version;
  }

  /** Takes an answer as the one asked for last. */
  note(hot: HotAnswer): void {
    const name = nameOf(hot);
    const known = this.#answers.delete(name);
    this.#answers.set(name, hot);
    if (known) return;
    this.#version += 1;
    const ofCertificate = this.#names.get(certificateOf(hot));
    if (ofCertificate) ofCertificate.add(name);
    else this.#names.set(certificateOf(hot), new Set([name]));
    if (this.#answers.size <= HOT_MAX) return;
    for (const oldest of this.#answers.values()) {
      this.forget(oldest);
      return;
    }
  }

  forget(hot: HotAnswer): void {
    if (!this.#answers.delete(nameOf(hot))) return;
    this.#version += 1;
    const ofCertificate = this.#names.get(certificateOf(hot));
    ofCertificate?.delete(nameOf(hot));
    if (ofCertificate?.size === 0) this.#names.delete(certificateOf(hot));
  }

  /** Those about one certificate; `serialNumber`: contents octets. */
  about(authorityId: string, serialNumber: Buffer): HotAnswer[] {
    const names = this.#names.get(
      certificateOf({ authorityId, serialNumber: serialNumber.toString('latin1') }),
    );
    return [...(names ?? [])].map((name) => this.#answers.get(name)!);
  }

  /** As they are now, the most recently asked first. */
  answers(): HotAnswer[] {
    return [...this.#answers.values()].reverse();
  }
}

function certificateOf({
  authorityId,
  serialNumber,
}: Pick<HotAnswer, 'authorityId' | 'serialNumber'>): string {
  return `${authorityId} ${serialNumber}`;
}

function nameOf({ authorityId, algorithm, certId }: HotAnswer): string {
  return `${authorityId} ${algorithm} ${certId}`;
}
