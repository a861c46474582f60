import { createHash } from 'node:crypto';

import type { Adapter, AdapterPayload } from 'oidc-provider';

import type { Clock } from '../core/clock.ts';
import type { OauthRecordStore } from '../signing/csc/oauth-server.ts';
import type { Vault } from '../signing/sealed-content.ts';

export interface RecordHouse {
  records: OauthRecordStore;
  vault: Vault;
  clock: Clock;
}

/**
 * What the server keeps of one kind. A record is found by the hash of its secret, the code or token itself, which lies nowhere; what
 * is in it is sealed, for a request may hold a prescription. Used codes and assertions are so in one statement of the database.
 */
export class SealedAdapter implements Adapter {
  readonly #kind: string;
  readonly #house: RecordHouse;

  constructor(kind: string, house: RecordHouse) {
    this.#kind = kind;
    this.#house = house;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { records, vault, clock } = this.#house;
    const { jti: _secret, ...rest } = payload;
    const { grantId } = payload;
    const record = {
      kind: this.#kind,
      idSha256: hashOf(id),
      ...(grantId !== undefined && { grantSha256: hashOf(grantId) }),
      ...(await vault.seal(this.#nameOf(id), Buffer.from(JSON.stringify(rest)))),
      ...(expiresIn !== undefined && { expiresAt: new Date(clock.now().getTime() + expiresIn * 1000) }),
    };
    if (this.#kind !== 'ReplayDetection') return records.put(record);
    // Two requests with one assertion at once: the library has looked for it before either was written.
    if (!(await records.putOnce(record))) throw new Error('an assertion was used twice at once');
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { records, vault, clock } = this.#house;
    const record = await records.find(this.#kind, hashOf(id), clock.now());
    if (!record) return undefined;
    const { keyId, sealed, consumedAt } = record;
    const payload = JSON.parse(
      (await vault.unseal(this.#nameOf(id), { keyId, sealed })).toString(),
    ) as AdapterPayload;
    return {
      ...payload,
      jti: id,
      ...(consumedAt && { consumed: Math.floor(consumedAt.getTime() / 1000) }),
    };
  }

  async consume(id: string): Promise<void> {
    const { records, clock } = this.#house;
    if (!(await records.consume(this.#kind, hashOf(id), clock.now())))
      throw new Error('a code was used twice at once');
  }

  destroy(id: string): Promise<void> {
    return this.#house.records.remove(this.#kind, hashOf(id));
  }

  revokeByGrantId(grantId: string): Promise<void> {
    return this.#house.records.removeGrant(this.#kind, hashOf(grantId));
  }

  /** Of kinds that are not kept here. */
  findByUid(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  #nameOf(id: string): string {
    return `oauth:${this.#kind}:${hashOf(id).toString('hex')}`;
  }
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
