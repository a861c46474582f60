import type { Signer } from '../../keys/signer.ts';
import { SIGNATURES } from './trace-channels.ts';

/** The same signer, telling of each signature that is waited for; as it was when nobody listens. */
export function tracedSigner<Given extends Signer>(signer: Given): Given {
  if (!SIGNATURES.start.hasSubscribers) return signer;
  const { label, algorithm } = signer;
  return new Proxy(signer, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'sign') return value.bind(target) as unknown;
      return (message: Uint8Array) =>
        SIGNATURES.tracePromise(() => target.sign(message), { label, algorithm });
    },
  });
}
