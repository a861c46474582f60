/**
 * The time up to which a unit may have stamped, kept over restarts; durable before `reserve` resolves. One process at a time has
 * a unit and its mark.
 */
export interface GenTimeMark {
  /** Undefined when the unit has never stamped. */
  load(): Promise<Date | undefined>;
  reserve(until: Date): Promise<void>;
}
