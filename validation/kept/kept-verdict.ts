/** A sealed verdict that somebody asked to have kept, as it lies in the database: closed to whoever has no link to it. */
export interface KeptVerdict {
  /** Of the link's secret; the secret itself is with whoever has the link. */
  linkSha256: Buffer;
  /** The seal, encrypted under the secret. */
  sealed: Buffer;
  keptAt: Date;
  expiresAt: Date;
}

/** Where kept verdicts lie until their time is over. Each call is one statement, durable when it resolves. */
export interface KeptVerdictStore {
  /** False: there are as many as `max` already, and nothing was kept. */
  insert(kept: KeptVerdict, max: number): Promise<boolean>;
  /** What is over is as if it had gone. */
  read(linkSha256: Buffer, now: Date): Promise<KeptVerdict | undefined>;
  /** False: there was none. */
  remove(linkSha256: Buffer): Promise<boolean>;
  /** Deletes what is over; resolves with how many. */
  prune(now: Date): Promise<number>;
}
