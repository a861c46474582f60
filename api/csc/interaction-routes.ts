import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

import { continueInteraction } from '../../signing/csc/continue-interaction.ts';
import { languageOf } from '../../signing/csc/csc-language.ts';
import type { TypedApp } from '../typed-app.ts';
import { CSC_PREFIX } from './csc-services.ts';
import type { CscRouteServices } from './csc-services.ts';
import { codePage, gonePage, namePage } from './interaction-pages.ts';

const URL = `${CSC_PREFIX}/oauth2/interaction/:uid`;
const FORM_OCTETS_MAX = 1024;
/** For each page: nobody tries the numbers of all doctors. */
const NAME_RATE = {
  max: 5,
  timeWindow: '1 minute',
  keyGenerator: (request: FastifyRequest) => (request.params as { uid: string }).uid,
};
const Params = Type.Object({ uid: Type.String({ maxLength: 100 }) });

/**
 * The page on which a holder waits for the phone. It has no script and gives no consent: it shows the code and asks again every other
 * second. Give it an app of its own: it reads a form.
 */
export function interactionRoutes(app: TypedApp, services: CscRouteServices): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_OCTETS_MAX },
    async (_request: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
  app.get(URL, { config: { access: 'public' }, schema: { hide: true, params: Params } }, (request, reply) =>
    show(services, request, reply),
  );
  app.post(
    URL,
    {
      config: { access: 'public', rateLimit: NAME_RATE },
      schema: {
        hide: true,
        params: Params,
        body: Type.Object({ userID: Type.String({ minLength: 1, maxLength: 60 }) }),
      },
    },
    (request, reply) => show(services, request, reply, request.body.userID),
  );
}

async function show(
  { csc: { house, oauth } }: CscRouteServices,
  request: FastifyRequest,
  reply: FastifyReply,
  userId?: string,
): Promise<FastifyReply> {
  const interaction = await oauth.interactionOf(request.raw, reply.raw);
  if (!interaction) return page(reply.code(400), gonePage(languageOf(undefined)));
  const step = await continueInteraction(house, interaction, userId?.trim());
  switch (step.show) {
    case 'name':
      return page(reply, namePage(step));
    case 'code':
      return page(reply, codePage(step));
    case 'end':
      reply.hijack();
      await oauth.finish(request.raw, reply.raw, step.outcome);
      return reply;
  }
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
