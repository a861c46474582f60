import type { Certificate } from '../../pki/certificate.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { StatusHistory } from '../../validation/status-history.ts';

/** A status history in memory; `authorities` maps ids to issuing certificates. */
export class MemoryStatusHistory implements StatusHistory {
  readonly #authorities: readonly { id: string; certificate: Certificate }[];
  readonly #changes = new Map<string, StatusChange[]>();
  #changeNumber = 0;

  constructor(authorities: readonly { id: string; certificate: Certificate }[]) {
    this.#authorities = authorities;
  }

  record(
    authorityId: string,
    certificate: Certificate,
    change: Omit<StatusChange, 'changeNumber' | 'authorityId' | 'serialNumber'>,
  ): void {
    const { serialNumber } = certificate;
    this.#changeNumber += 1;
    const row = { changeNumber: this.#changeNumber, authorityId, serialNumber, ...change };
    this.#changes.set(keyOf(authorityId, serialNumber), [...this.#rows(authorityId, serialNumber), row]);
  }

  async authorityOf(issuerCertificate: Certificate): Promise<string | undefined> {
    return this.#authorities.find(({ certificate }) => certificate.bytes.equals(issuerCertificate.bytes))?.id;
  }

  async changesOf(authorityId: string, serialNumber: Buffer): Promise<readonly StatusChange[]> {
    return this.#rows(authorityId, serialNumber);
  }

  #rows(authorityId: string, serialNumber: Buffer): readonly StatusChange[] {
    return this.#changes.get(keyOf(authorityId, serialNumber)) ?? [];
  }
}

function keyOf(authorityId: string, serialNumber: Buffer): string {
  return `${authorityId}/${serialNumber.toString('hex')}`;
}
