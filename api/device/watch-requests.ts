import type { FastifyReply } from 'fastify';

import { nextRequestId } from '../../signing/devices/open-request.ts';
import type { Device } from '../../signing/devices/device-login.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import type { TypedApp } from '../typed-app.ts';
import type { UntilGone } from '../until-gone.ts';

/** Proxies end what is silent for longer. */
const COMMENT_MILLISECONDS = 15_000;
/** Then the phone comes again, and shows its token again. */
const ROUNDS_MAX = 40;

export function watchRequestsRoute(
  app: TypedApp,
  services: Pick<ApiServices, 'signing'>,
  gone: UntilGone,
): void {
  app.get(
    '/device/events',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'watch-requests',
        tags: ['phones'],
        summary: 'Server-sent events: `request` when something waits to be signed; fetch it then',
        produces: ['text/event-stream'],
        response: problems,
      },
    },
    async (request, reply) => {
      const device = deviceOf(request);
      const signal = gone(reply);
      reply.hijack();
      await stream(services, device, reply, signal).catch((err: unknown) =>
        request.log.error({ err }, 'events cannot be told'),
      );
      reply.raw.end();
    },
  );
}

async function stream(
  { signing }: Pick<ApiServices, 'signing'>,
  device: Device,
  { raw }: FastifyReply,
  signal: AbortSignal,
): Promise<void> {
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(': listening\n\n');
  let told: string | undefined;
  for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round += 1) {
    const id = await nextRequestId(signing.sessions, device, told, COMMENT_MILLISECONDS, signal);
    told = id ?? told;
    raw.write(id === undefined ? ': still here\n\n' : `event: request\nid: ${id}\ndata: {"id":"${id}"}\n\n`);
  }
}
