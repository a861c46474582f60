import type { CouncilNumber } from '../core/council-number.ts';
import type { NationalId } from '../core/national-id.ts';
import type { LicenceEvent, LicenceStanding } from '../ra/licence/licence-event.ts';
import type { LicenceHolder, LicenceRefusal, StoredLicenceMessage } from '../ra/licence/licence-store.ts';

export interface HolderRow {
  council_group: CouncilNumber['group'];
  council_digits: string;
  national_id: NationalId;
  standing: LicenceStanding;
  last_sequence: number;
  last_message_id: string | null;
}

export const HOLDER_COLUMNS =
  'council_group, council_digits, national_id, standing, last_sequence, last_message_id';

export interface MessageRow {
  message_id: string;
  body_sha256: Buffer;
  council_group: CouncilNumber['group'];
  council_digits: string;
  national_id: NationalId;
  sequence: number;
  event: LicenceEvent;
  order_number: string | null;
  state: StoredLicenceMessage['state'];
  refusal: LicenceRefusal | null;
  held: number | null;
  released: number | null;
  revoked: number | null;
  unchanged: number | null;
}

export const MESSAGE_COLUMNS = `message_id, body_sha256, council_group, council_digits, national_id, sequence, event,
  order_number, state, refusal, held, released, revoked, unchanged`;

export function holderOf(row: HolderRow): LicenceHolder {
  return {
    councilNumber: { group: row.council_group, digits: row.council_digits },
    nationalId: row.national_id,
    standing: row.standing,
    lastSequence: row.last_sequence,
    ...(row.last_message_id !== null && { lastMessageId: row.last_message_id }),
  };
}

export function messageOf(row: MessageRow): StoredLicenceMessage {
  const message = {
    messageId: row.message_id,
    bodySha256: row.body_sha256,
    councilNumber: { group: row.council_group, digits: row.council_digits },
    nationalId: row.national_id,
    sequence: row.sequence,
    event: row.event,
    ...(row.order_number !== null && { orderNumber: row.order_number }),
  };
  // The schema holds result and state together.
  if (row.state === 'refused') return { ...message, state: 'refused', refusal: row.refusal! };
  if (row.state === 'waiting') return { ...message, state: 'waiting' };
  const { held, released, revoked, unchanged } = row;
  const outcome = { held: held!, released: released!, revoked: revoked!, unchanged: unchanged! };
  return { ...message, state: 'applied', outcome };
}
