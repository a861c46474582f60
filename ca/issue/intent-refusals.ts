import type { IntentOutcome } from './certificate-store.ts';

/** What is said of an intent that was not recorded. */
export const INTENT_REFUSALS: Record<Exclude<IntentOutcome, 'recorded'>, string> = {
  'serial-taken': 'this serial number is taken',
  'approval-used': 'this approval has its certificate, or one is being issued',
  'key-reused': 'a certificate for this key exists or is being issued',
  'holder-has-certificate':
    'this holder has an active certificate in this key store, or one is being issued; revoke it, or name it as the one replaced',
};
