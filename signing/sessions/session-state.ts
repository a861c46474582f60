/** States of a signature session, in the words of mobile signature services. */
export const SESSION_STATES = [
  'CREATED',
  'DELIVERED',
  'DISPLAYED',
  'SIGNED',
  'USER_REFUSED',
  'WRONG_VC',
  'TIMEOUT',
  'PIN_BLOCKED',
  'DEVICE_UNAVAILABLE',
  'CERT_REVOKED',
  'ERROR',
] as const;

export type SessionState = (typeof SESSION_STATES)[number];

const OPEN_STATES = ['CREATED', 'DELIVERED', 'DISPLAYED'] as const satisfies readonly SessionState[];
type OpenState = (typeof OPEN_STATES)[number];
export type EndState = Exclude<SessionState, OpenState>;

/** Where a session can go from each state; the database has the same table and refuses everything else. */
export const TRANSITIONS: Readonly<Record<SessionState, readonly SessionState[]>> = {
  CREATED: ['DELIVERED', 'DEVICE_UNAVAILABLE', 'CERT_REVOKED', 'ERROR'],
  DELIVERED: ['DISPLAYED', 'USER_REFUSED', 'TIMEOUT', 'CERT_REVOKED', 'ERROR'],
  DISPLAYED: ['SIGNED', 'USER_REFUSED', 'WRONG_VC', 'TIMEOUT', 'PIN_BLOCKED', 'CERT_REVOKED', 'ERROR'],
  SIGNED: [],
  USER_REFUSED: [],
  WRONG_VC: [],
  TIMEOUT: [],
  PIN_BLOCKED: [],
  DEVICE_UNAVAILABLE: [],
  CERT_REVOKED: [],
  ERROR: [],
};

/** What becomes of a session whose time is over: a phone that never came was not to be had. */
export const OVERDUE: Readonly<Record<OpenState, EndState>> = {
  CREATED: 'DEVICE_UNAVAILABLE',
  DELIVERED: 'TIMEOUT',
  DISPLAYED: 'TIMEOUT',
};

export function isOpen(state: SessionState): state is OpenState {
  return OPEN_STATES.some((open) => open === state);
}
