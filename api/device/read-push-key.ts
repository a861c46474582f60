import { Type } from 'typebox';

import { readPushKey } from '../../signing/push/subscribe-device.ts';
import type { ApiServices } from '../api-services.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { P256Point } from './device-schemas.ts';

export function readPushKeyRoute(app: TypedApp, services: Pick<ApiServices, 'signing'>): void {
  app.get(
    '/device/push-key',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'read-push-key',
        tags: ['phones'],
        summary: 'The key that a browser subscribes with to be woken (RFC 8292)',
        response: { 200: Type.Object({ key: P256Point }), ...problems },
      },
    },
    async () => ({ key: await readPushKey(services.signing.subscriptions) }),
  );
}
