/** Where time comes from; everything that needs the time is given a Clock, so tests can set it. */
export interface Clock {
  now(): Date;
}

/** The wall clock: the only place of the house that reads it. */
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved; for tests and rehearsals. */
export class ManualClock implements Clock {
  #now: Date;

  constructor(start: Date) {
    this.#now = new Date(start.getTime());
  }

  now(): Date {
    return new Date(this.#now.getTime());
  }

  set(instant: Date): void {
    this.#now = new Date(instant.getTime());
  }

  advanceSeconds(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  }
}

/** X.509, CRL and OCSP times have whole seconds (RFC 5280 §4.1.2.5.2): drops the fraction. */
export function wholeSeconds(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}
