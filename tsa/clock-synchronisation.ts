/** What is known of the machine's clock. */
export type ClockState =
  | {
      synchronised: true;
      /** The clock is wrong by no more than this. */
      errorMilliseconds: number;
      /** Names the comparison with a reference that this rests on: another one has another name. */
      measurement: string;
    }
  | { synchronised: false; reason: string };

/** Who compares the machine's clock with a reference, e.g. a time service of the operating system. */
export interface ClockSynchronisation {
  /** Does not reject: a service that cannot be asked is a clock that is not known to be synchronised. */
  state(): Promise<ClockState>;
}
