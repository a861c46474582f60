import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

import { TOKEN_SECONDS, issueClientToken } from '../../signing/relying-parties/authenticate-client.ts';
import { SigningError } from '../../signing/signing-error.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

/** RFC 7523 §2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const FORM_OCTETS_MAX = 8 * 1024;
const TOKEN_RATE = { max: 120, timeWindow: '1 minute' };

const OauthError = Type.Object({
  error: Type.Enum(['invalid_client', 'invalid_request', 'unsupported_grant_type']),
  error_description: Type.String(),
});

/** RFC 6749 §5.2, or a problem document where the request is no form at all. */
const OauthRefusal = {
  description: 'Refused (RFC 6749 §5.2), or a problem document (RFC 9457)',
  content: { 'application/json': { schema: OauthError }, ...problems['4xx'].content },
};

const form = Type.Object({
  grant_type: Type.String({ maxLength: 100, description: 'client_credentials' }),
  client_assertion_type: Type.String({ maxLength: 100, description: ASSERTION_TYPE }),
  client_assertion: Type.String({
    maxLength: 5_000,
    description:
      'JWT signed by the client (RFC 7523): iss and sub are its id, aud this address; iat, exp within 60 seconds, and a jti',
  }),
});

/** Give it an app of its own: OAuth sends forms, and nothing else here reads them. */
export function createClientTokenRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_OCTETS_MAX },
    async (_request: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
  app.post(
    '/oauth/token',
    {
      config: { access: 'public', rateLimit: TOKEN_RATE },
      schema: {
        operationId: 'create-client-token',
        tags: ['relying parties'],
        summary:
          'Exchange a signed assertion for a token of ten minutes (OAuth 2.0 client credentials, private_key_jwt)',
        consumes: ['application/x-www-form-urlencoded'],
        body: form,
        response: {
          200: Type.Object({
            access_token: Type.String(),
            token_type: Type.Literal('Bearer'),
            expires_in: Type.Integer(),
          }),
          400: OauthRefusal,
          401: OauthRefusal,
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { grant_type: grant, client_assertion_type: type, client_assertion: assertion } = request.body;
      if (grant !== 'client_credentials')
        return refuse(reply, 400, 'unsupported_grant_type', 'client_credentials is the one');
      if (type !== ASSERTION_TYPE) return refuse(reply, 400, 'invalid_request', `expected ${ASSERTION_TYPE}`);
      try {
        const token = await issueClientToken(services.signing.relyingParties, assertion);
        return { access_token: token, token_type: 'Bearer' as const, expires_in: TOKEN_SECONDS };
      } catch (error) {
        if (!(error instanceof SigningError) || error.code !== 'client-not-accepted') throw error;
        request.log.info({ code: error.code, ...error.context }, 'request refused');
        return refuse(reply, 401, 'invalid_client', error.detail);
      }
    },
  );
}

type OauthErrorCode = 'invalid_client' | 'invalid_request' | 'unsupported_grant_type';

/** RFC 6749 §5.2 says how a token endpoint refuses; its clients read that and no problem document. */
function refuse(reply: FastifyReply, status: 400 | 401, error: OauthErrorCode, description: string) {
  return reply.code(status).send({ error, error_description: description });
}
