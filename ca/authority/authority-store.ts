import type { Transaction } from '../../core/transaction.ts';
import type { AuthorityNames } from './authority.ts';

export interface AuthorityRecord {
  id: string;
  /** Authority whose key signed this one's certificate; absent for a root. */
  issuerId?: string;
  /** 0 for a root. */
  assuranceLevel: number;
  /** DER. */
  certificate: Buffer;
  /** `file:<name>` or a `pkcs11:` URI; absent when the key is offline. */
  keyReference?: string;
  crlShards: number;
  createdAt: Date;
  /** Earlier key generation that this one goes on for. */
  successorOf?: string;
  /** Ids of the profiles that it offers; absent: all of its level. */
  profiles?: readonly string[];
  /** What its certificates say of the house; absent: what the deployment says. */
  names?: AuthorityNames;
}

export interface ResponderRecord {
  authorityId: string;
  /** DER. */
  certificate: Buffer;
  keyReference: string;
  notBefore: Date;
  notAfter: Date;
  /** Node whose key it is; absent: the key is in the key store of this process. */
  nodeName?: string;
}

/** Authorities and their OCSP responders, as ceremonies left them. */
export interface AuthorityStore {
  insertAuthority(tx: Transaction, authority: AuthorityRecord): Promise<void>;
  insertResponder(tx: Transaction, responder: ResponderRecord): Promise<void>;
  /** Issuers come before those they issued to. */
  listAuthorities(tx: Transaction): Promise<AuthorityRecord[]>;
  /** Those of this process that are neither expired nor revoked, newest first. */
  listResponders(tx: Transaction, now: Date): Promise<ResponderRecord[]>;
}
