import type { Logger } from 'pino';

import { Pulse } from '../../ca/crl/pulse.ts';
import { sendMessages } from '../../ra/messages/send-messages.ts';
import type { SendingHouse } from '../../ra/messages/send-messages.ts';
import type { WatchJob } from '../watched-jobs.ts';

/** What another process has queued, or is due again. */
const OUTBOX_MILLISECONDS = 3_000;

/** Starts what sends messages; `wake` sends at once. */
export function startMessages(
  house: Omit<SendingHouse, 'onMessageFailure'>,
  logger: Logger,
  watch: WatchJob,
): { wake(): void; stop(): Promise<void> } {
  const sending: SendingHouse = {
    ...house,
    onMessageFailure: (err, { id, channel, kind }) =>
      logger.warn({ err, message: id, channel, kind }, 'a message was not taken'),
  };
  const pulse = new Pulse({
    intervalMilliseconds: OUTBOX_MILLISECONDS,
    work: () =>
      watch('messages', sendMessages(sending)).catch((err: unknown) =>
        logger.error({ err }, 'messages cannot be sent'),
      ),
  });
  pulse.wake();
  return { wake: () => pulse.wake(), stop: () => pulse.stop() };
}
