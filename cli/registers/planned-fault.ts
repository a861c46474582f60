import { REGISTERS } from '../../ra/registers/register.ts';

/** What a development register does wrong when it is told to. */
export const FAULT_KINDS = [
  'delay',
  'status',
  'hang',
  'trickle',
  'reset',
  'garbage',
  'malformed',
  'unsigned',
  'wrong-key',
  'foreign',
  'oversize',
] as const;

/** Registers and the feed can fail. */
export const FAULT_PLACES = [...REGISTERS, 'licence-feed'] as const;
export type FaultPlace = (typeof FAULT_PLACES)[number];

export interface PlannedFault {
  kind: (typeof FAULT_KINDS)[number];
  /** Of `delay`. */
  milliseconds?: number;
  /** Of `status`. */
  status?: number;
  /** Requests that it strikes; absent: all until it is taken back. */
  times?: number;
}

/** Faults on demand, one at a time for each place. */
export class PlannedFaults {
  readonly #faults = new Map<FaultPlace, PlannedFault>();

  /** Undefined takes it back. */
  plan(place: FaultPlace, fault: PlannedFault | undefined): void {
    if (fault) this.#faults.set(place, { ...fault });
    else this.#faults.delete(place);
  }

  /** The fault that strikes this request. */
  strike(place: FaultPlace): PlannedFault | undefined {
    const fault = this.#faults.get(place);
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) this.#faults.delete(place);
    }
    return fault;
  }
}
