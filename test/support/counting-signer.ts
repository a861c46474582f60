import type { Signer } from '../../keys/signer.ts';

/** A key that is not in this process, counts what it is asked to sign, and can fail. */
export class CountingSigner implements Signer {
  readonly label = 'counting';
  readonly algorithm;
  readonly subjectPublicKeyInfo;
  readonly #signer: Signer;
  signatures = 0;
  /** What the next signatures reject with. */
  failure: Error | undefined;

  constructor(signer: Signer) {
    this.#signer = signer;
    this.algorithm = signer.algorithm;
    this.subjectPublicKeyInfo = signer.subjectPublicKeyInfo;
  }

  async sign(message: Uint8Array): Promise<Buffer> {
    this.signatures += 1;
    if (this.failure) throw this.failure;
    return this.#signer.sign(message);
  }
}
