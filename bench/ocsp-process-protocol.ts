import type { BenchKeyType, BenchKeys } from './ocsp-authority.ts';

/** What a responder that is measured is started with. */
export interface OcspProcessOrder {
  keyType: BenchKeyType;
  certificates: number;
  /** PostgreSQL whose history it follows; absent: one in memory. */
  databaseUrl?: string;
  /** Authority of that history; absent: the one of the history in memory. */
  authorityId?: string;
  /** Absent: one that is free. */
  port?: number;
  /** Absent: new ones. */
  keys?: BenchKeys;
}

/** What several processes on one port are started with. */
export interface OcspWorkersOrder {
  keyType: BenchKeyType;
  certificates: number;
  workers: number;
}

/** What they say when all listen; octets in base64. */
export interface OcspWorkersReady {
  port: number;
  issuer: string;
}

/** What it says when it listens; octets in base64. */
export interface OcspProcessReady {
  port: number;
  issuer: string;
  responder: string;
  /** PKCS#8 in PEM, for a peer that answers with the same key. */
  responderKey: string;
  loadSeconds: number;
  /** Octets of the index. */
  indexOctets: number;
}

/** Asks for signatures of so many octets, one after the other, for so long; answered with their rate a second. */
export interface SignOrder {
  signMilliseconds: number;
  octets: number;
}
