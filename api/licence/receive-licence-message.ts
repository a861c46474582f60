import { Type } from 'typebox';

import { DomainError } from '../../core/errors.ts';
import { LICENCE_EVENTS } from '../../ra/licence/licence-event.ts';
import type { LicenceHouse } from '../../ra/licence/licence-house.ts';
import { LICENCE_MESSAGE_OCTETS_MAX } from '../../ra/licence/licence-message.ts';
import type { LicenceRefusal } from '../../ra/licence/licence-store.ts';
import { SEQUENCE_AHEAD_MAX, receiveLicenceMessage } from '../../ra/licence/receive-licence-message.ts';
import type { LicenceReceipt } from '../../ra/licence/receive-licence-message.ts';
import { CHECK_RATE } from '../rate-limits.ts';
import { problems } from '../schemas.ts';
import { RaError } from '../../ra/ra-error.ts';
import type { TypedApp } from '../typed-app.ts';

const SIGNATURE_HEADER = 'x-jws-signature';

const Count = Type.Integer({ minimum: 0 });

const ReceiptView = Type.Object({
  messageId: Type.String(),
  state: Type.Enum(['applied', 'waiting'], {
    description: 'waiting: durable, and applied when its turn has come',
  }),
  event: Type.Enum(LICENCE_EVENTS),
  sequence: Type.Integer(),
  expectedSequence: Type.Optional(
    Type.Integer({ description: 'The message waits for the one with this number, which has not come yet' }),
  ),
  certificates: Type.Optional(
    Type.Object({ held: Count, released: Count, revoked: Count, unchanged: Count }),
  ),
});

/** Give it an app of its own: signatures are over octets, so its parser leaves the body as it came. */
export function receiveLicenceMessageRoute(app: TypedApp, house: LicenceHouse): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: LICENCE_MESSAGE_OCTETS_MAX },
    async (_request: unknown, body: Buffer) => body,
  );
  app.post(
    '/licence-events',
    {
      config: { access: 'public', rateLimit: CHECK_RATE },
      schema: {
        operationId: 'receive-licence-message',
        tags: ['licences'],
        summary: 'Take a message of the Medical Council about a licence; the same message may be sent again',
        description:
          'The body is signed: a detached JWS (RFC 7515 appendix F; ES256 or EdDSA, `typ` licence-message+jws, `iat` within ' +
          'five minutes) stands in the header X-JWS-Signature. docs/REGISTERS.md describes the message.',
        headers: Type.Object({ [SIGNATURE_HEADER]: Type.Optional(Type.String({ maxLength: 2048 })) }),
        response: { 200: ReceiptView, 202: ReceiptView, ...problems },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (!Buffer.isBuffer(body)) throw new RaError('licence-message-malformed', 'there is no body');
      const signature = request.headers[SIGNATURE_HEADER];
      const receipt = await receiveLicenceMessage(house, { body, signature, receivedBy: 'webhook' });
      if (receipt.state !== 'refused')
        return reply.code(receipt.state === 'applied' ? 200 : 202).send(viewOfReceipt(receipt));
      throw new DomainError(receipt.refusal, REFUSALS[receipt.refusal]);
    },
  );
}

const REFUSALS: Readonly<Record<LicenceRefusal, string>> = {
  'sequence-used': 'a message about this council number has had this sequence number',
  'sequence-too-far': `the sequence number is more than ${SEQUENCE_AHEAD_MAX} ahead of the last`,
  'holder-mismatch': 'this council number belongs to another national id here',
  'holder-deceased': 'the holder was reported dead, which no message takes back',
};

function viewOfReceipt(receipt: Exclude<LicenceReceipt, { state: 'refused' }>) {
  const { messageId, event, sequence, state, expectedSequence } = receipt;
  return {
    messageId,
    event,
    sequence,
    state,
    ...(expectedSequence !== undefined && { expectedSequence }),
    ...(receipt.state === 'applied' && { certificates: receipt.outcome }),
  };
}
