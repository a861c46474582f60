import type { Transaction } from '../../core/transaction.ts';
import type { ResponderRecord } from './authority-store.ts';

/** A key that an OCSP node made, for which it wants to be certified when its turn comes. */
export interface ResponderRequest {
  authorityId: string;
  nodeName: string;
  /** Where the node finds the key. */
  keyReference: string;
  spkiSha256: Buffer;
  /** PKCS#10, DER, signed by the key. */
  certificationRequest: Buffer;
  enrolledAt: Date;
}

export type NodeResponder = ResponderRecord & Required<Pick<ResponderRecord, 'nodeName'>>;

/** The keys of OCSP nodes that hold no CA key, as an operator enrolled them. */
export interface ResponderRequestStore {
  /** False when the key is enrolled already. */
  enrol(tx: Transaction, request: ResponderRequest): Promise<boolean>;
  /** Those for whose key nothing was ever to be issued, and that is not blocked; in the order of their enrolment. */
  waiting(tx: Transaction): Promise<ResponderRequest[]>;
  /** Responders of nodes that have not expired and whose key is not blocked, newest first. */
  listNodeResponders(tx: Transaction, now: Date): Promise<NodeResponder[]>;
}
