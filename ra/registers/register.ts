import type { CouncilNumber } from '../../core/council-number.ts';
import type { NationalId } from '../../core/national-id.ts';

/** The foreign registers that a case is held against. */
export const REGISTERS = ['medical-council', 'civil-registry', 'shahkar'] as const;
export type RegisterName = (typeof REGISTERS)[number];

/** What a case says of a person, as far as each register can confirm it. */
export interface RegisterClaims {
  'medical-council': {
    nationalId: NationalId;
    councilNumber: CouncilNumber;
    givenName: string;
    surname: string;
  };
  'civil-registry': {
    nationalId: NationalId;
    givenName: string;
    surname: string;
    /** `yyyy-mm-dd`, Gregorian; absent where the case has none. */
    birthDate?: string;
  };
  shahkar: {
    nationalId: NationalId;
    /** Eleven ASCII digits: `09…`. */
    mobile: string;
  };
}

export const LICENCE_STATES = ['active', 'suspended', 'ended'] as const;

/** What each register holds of a person whom it knows. */
export interface RegisterEntries {
  'medical-council': RegisterClaims['medical-council'] & { licence: (typeof LICENCE_STATES)[number] };
  'civil-registry': {
    nationalId: NationalId;
    givenName: string;
    surname: string;
    birthDate: string;
    isAlive: boolean;
  };
  shahkar: { isOwner: boolean };
}

/** Why a register has said nothing that counts. */
export type RegisterFault =
  | 'not-configured'
  | 'unreachable'
  | 'timeout'
  | 'server-error'
  | 'request-refused'
  | 'circuit-open'
  | 'answer-too-large'
  | 'answer-unsigned'
  | 'answer-malformed'
  | 'answer-foreign';

/** What came back: an entry, that there is none, or nothing that counts. `raw`: the octets as they were received. */
export type LookUp<Name extends RegisterName = RegisterName> =
  | { kind: 'found'; entry: RegisterEntries[Name]; raw: Buffer }
  | { kind: 'unknown'; raw: Buffer }
  | { kind: 'unavailable'; fault: RegisterFault; raw?: Buffer };

/** Whether a register is asked at all: `open` after failures in a row, `half-open` while the next question tries it again. */
export const CIRCUIT_STATES = ['closed', 'half-open', 'open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

/**
 * One foreign register. Looking up changes nothing there. Authentic answers only are `found` or `unknown`; every failure,
 * however it comes about, is `unavailable`: it does not reject.
 */
export interface Register<Name extends RegisterName = RegisterName> {
  /** `requestId` is a UUID that the answer has to repeat. */
  lookUp(claim: RegisterClaims[Name], requestId: string): Promise<LookUp<Name>>;
  /** Of this process; absent where every question is asked. */
  circuit?(): CircuitState;
}

export type Registers = { readonly [Name in RegisterName]: Register<Name> };
