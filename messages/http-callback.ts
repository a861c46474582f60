import { request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';

import { isPublicAddress } from './public-address.ts';
import type { CallbackSender } from '../signing/callbacks/callback.ts';
import { onlyTo } from './guarded-lookup.ts';

const ATTEMPT_MILLISECONDS = 5_000;
/** As an operator enters it for software on this machine; every other name may turn out to be this machine. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

export interface HttpCallbackOptions {
  /** Addresses and networks beside the Internet's that callbacks may lead to. */
  networks?: readonly string[];
}

/**
 * Posts callbacks by HTTP. No redirect is followed, and no address is called that is neither public nor of the deployment's
 * networks, whatever the name resolves to at that moment: an operator who enters an address reaches no machine behind the service.
 */
export function openHttpCallbackSender({ networks = [] }: HttpCallbackOptions = {}): CallbackSender {
  const allowed = blockListOf(networks);
  const isAllowed = (address: string) =>
    isPublicAddress(address) || allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return {
    post: async (url, token) => {
      const { hostname } = new URL(url);
      const isOwn = THIS_MACHINE.includes(hostname);
      const number = hostname.replace(/^\[|\]$/g, '');
      // An address in numbers is not looked up.
      if (!isOwn && isIP(number) !== 0 && !isAllowed(number))
        throw new Error('the callback leads into a network that is not to be called');
      const response = await post(url, token, isOwn ? {} : { lookup: onlyTo(isAllowed) });
      // What it says is nobody's business here, and may be endless.
      response.destroy();
      const { statusCode = 0 } = response;
      if (statusCode < 200 || statusCode > 299) throw new Error(`the callback was answered by ${statusCode}`);
    },
  };
}

function post(url: string, token: string, options: RequestOptions): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ...options,
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/jwt', 'content-length': Buffer.byteLength(token) },
        signal: AbortSignal.timeout(ATTEMPT_MILLISECONDS),
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(token);
  });
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
