import { parseCouncilNumber } from '../../core/council-number.ts';
import type { CouncilNumber } from '../../core/council-number.ts';
import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import type { NationalId } from '../../core/national-id.ts';
import { RaError } from '../ra-error.ts';
import { LICENCE_EVENTS } from './licence-event.ts';
import type { LicenceEvent } from './licence-event.ts';

/** One message of the Medical Council about one licence. */
export interface LicenceMessage {
  /** The Council's own id of it, unique for ever. */
  messageId: string;
  councilNumber: CouncilNumber;
  nationalId: NationalId;
  /** Counts the messages about this council number: 1, 2, 3, … without gaps. */
  sequence: number;
  event: LicenceEvent;
  /** Of the decision behind it, for people. */
  orderNumber?: string;
}

/** Octets of a message; one has some 300. */
export const LICENCE_MESSAGE_OCTETS_MAX = 8 * 1024;

/** Nobody's licence changes so often; the database counts further. */
const SEQUENCE_MAX = 1_000_000;
const MEMBERS = ['messageId', 'councilNumber', 'nationalId', 'sequence', 'event', 'orderNumber'];

/** Reads the JSON of a message whose signature is verified; throws RaError `licence-message-malformed`. */
export function parseLicenceMessage(body: Buffer): LicenceMessage {
  const value = jsonOf(body);
  const { messageId, councilNumber, nationalId, sequence, event, orderNumber } = value;
  const foreign = Object.keys(value).find((name) => !MEMBERS.includes(name));
  if (foreign !== undefined) throw malformed('it has a member that is not known');
  if (typeof messageId !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(messageId))
    throw malformed('messageId is not 1 to 64 letters, digits, dots, hyphens and underscores');
  if (typeof sequence !== 'number' || !Number.isInteger(sequence) || sequence < 1 || sequence > SEQUENCE_MAX)
    throw malformed(`sequence is not an integer from 1 to ${SEQUENCE_MAX}`);
  const known = LICENCE_EVENTS.find((one) => one === event);
  if (!known) throw malformed(`event is none of ${LICENCE_EVENTS.join(', ')}`);
  if (
    orderNumber !== undefined &&
    !(typeof orderNumber === 'string' && /^[\p{L}\p{N} ./_-]{1,64}$/u.test(orderNumber))
  )
    throw malformed('orderNumber is not 1 to 64 letters, digits, spaces and ./_-');
  return {
    messageId,
    ...holderOf(councilNumber, nationalId),
    sequence,
    event: known,
    ...(orderNumber !== undefined && { orderNumber }),
  };
}

function jsonOf(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // What the parser says repeats what it has read.
  }
  throw malformed('it is no JSON object in UTF-8');
}

function holderOf(
  councilNumber: unknown,
  nationalId: unknown,
): Pick<LicenceMessage, 'councilNumber' | 'nationalId'> {
  const { group, digits } = (
    typeof councilNumber === 'object' && councilNumber !== null ? councilNumber : {}
  ) as Record<string, unknown>;
  if (typeof group !== 'string' || typeof digits !== 'string' || typeof nationalId !== 'string')
    throw malformed('councilNumber with group and digits, and nationalId, are texts that are needed');
  try {
    return { councilNumber: parseCouncilNumber({ group, digits }), nationalId: parseNationalId(nationalId) };
  } catch (error) {
    if (error instanceof DomainError) throw malformed(error.detail);
    throw error;
  }
}

function malformed(detail: string): RaError {
  return new RaError('licence-message-malformed', detail);
}
