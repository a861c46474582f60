import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

import { SESSION_COOKIE } from './session-cookie.ts';

/** What officers do needs a session; others are in this table. */
const SECURITY_OF = new Map<unknown, Record<string, string[]>[]>([
  ['public', []],
  ['relying-party', [{ relyingParty: [] }]],
  ['device', [{ device: [] }]],
  ['csc-client', [{ csc: [] }]],
]);

/** Which operations want a session is taken from what their routes declare. */
export function openapi(version: string, publicUrl: string): FastifyDynamicSwaggerOptions {
  return {
    transform: ({ schema, url, route }) => ({
      url,
      schema: { ...schema, security: SECURITY_OF.get(route.config?.access ?? '') ?? [{ session: [] }] },
    }),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mohr',
        version,
        description:
          'Certification and registration authority for the electronic signatures of a health sector.',
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
          relyingParty: {
            type: 'http',
            scheme: 'bearer',
            description: 'Token of POST /api/v1/oauth/token, or none and a registered TLS certificate',
          },
          csc: {
            type: 'http',
            scheme: 'bearer',
            description: 'Token of POST /csc/oauth2/token (docs/CSC.md)',
          },
          device: { type: 'http', scheme: 'bearer', description: 'Token of POST /api/v1/device/sign-ins' },
        },
      },
    },
  };
}
