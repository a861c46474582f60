import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';

/** What the benchmark tells a fresh process: to issue the CRL of a filled database. */
export interface ColdOrder {
  databaseUrl: string;
  entries: number;
  algorithm: SignatureAlgorithmName;
  /** CRLs issued after one more revocation each. */
  again: number;
}

export interface ColdAnswer {
  /** From the first question to PostgreSQL to the signature. */
  signedSeconds: number;
  /** On to the CRL that is stored, published and served. */
  publishedSeconds: number;
  /** Of one more revocation each: from the question what is new to the CRL that is published. */
  againSeconds: number[];
  /** By how much memory rose above what it was with the connection open; storing included. */
  peakMib: number;
  /** The same work by the processor, in this process. */
  processorSeconds: number;
}
