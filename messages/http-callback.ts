import type { CallbackSender } from '../signing/callbacks/callback.ts';

const ATTEMPT_MILLISECONDS = 5_000;

/** Posts callbacks by HTTP. No redirect is followed: an address that was entered leads nowhere else. */
export const httpCallbackSender: CallbackSender = {
  post: async (url, token) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/jwt' },
      body: token,
      redirect: 'manual',
      signal: AbortSignal.timeout(ATTEMPT_MILLISECONDS),
    });
    // What it says is nobody's business here, and may be endless.
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the callback was answered by ${response.status}`);
  },
};
