/**
 * Decides which of several processes builds CRLs, e.g. by an advisory lock on a connection of its own. It saves double
 * work and nothing else: should two believe to lead, CrlStore refuses the slower one.
 */
export interface LeaderLock {
  /** Takes the lock unless another process has it; true while this process leads. Cheap to ask again and again. */
  lead(): Promise<boolean>;
  /** Gives it up, so that another process need not wait for this one's connection to be missed. */
  release(): Promise<void>;
}
