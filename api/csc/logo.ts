import type { TypedApp } from '../typed-app.ts';
import { CSC_PREFIX } from './csc-services.ts';
import { LOGO_PNG } from './logo-png.ts';

export function logoRoute(app: TypedApp): void {
  app.get(
    `${CSC_PREFIX}/logo.png`,
    { config: { access: 'public' }, schema: { hide: true } },
    (_request, reply) =>
      reply.header('cache-control', 'public, max-age=86400').type('image/png').send(LOGO_PNG),
  );
}
