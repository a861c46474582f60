import type { SecretName } from './prompter.ts';

/** The languages of the prompt pages; Persian is the first. */
export type PromptLanguage = 'fa' | 'en';

interface Texts {
  direction: 'rtl' | 'ltr';
  name: string;
  otherLanguage: string;
  pairingTitle: string;
  pairing: string;
  codeIsSame: string;
  codeDiffers: string;
  asker: string;
  card: string;
  document: string;
  contents: string;
  digest: string;
  titles: Record<string, string>;
  secrets: Record<SecretName, string>;
  send: string;
  cancel: string;
  pinPad: string;
  working: string;
  done: string;
  refused: string;
  gone: string;
  notices: Record<string, string>;
  failed: string;
}

export const PROMPT_TEXTS: Record<PromptLanguage, Texts> = {
  fa: {
    direction: 'rtl',
    name: 'کارگزار کارت مهر',
    otherLanguage: 'English',
    pairingTitle: 'اتصال مرورگر به این کارگزار',
    pairing: 'این کد باید با کدی که صفحهٔ کنسول نشان می‌دهد یکی باشد. اگر یکی نیست، کسی میان شماست: نپذیرید.',
    codeIsSame: 'کد یکی است؛ می‌پذیرم',
    codeDiffers: 'یکی نیست؛ نمی‌پذیرم',
    asker: 'درخواست‌کننده',
    card: 'کارت',
    document: 'آنچه امضا می‌شود',
    contents: 'متن سند',
    digest: 'چکیدهٔ SHA-256',
    titles: {
      'set-pin': 'تعیین رمز کارت',
      'make-key': 'ساخت کلید روی کارت',
      'write-certificates': 'نوشتن گواهی الکترونیکی روی کارت',
      sign: 'امضای الکترونیکی',
      'unblock-pin': 'رفع انسداد کارت',
      'destroy-keys': 'از بین بردن کلیدهای کارت',
    },
    secrets: {
      transportPin: 'رمز حمل (همراه کارت آمده است)',
      transportPuk: 'رمز بازگشایی حمل (همراه کارت آمده است)',
      pin: 'رمز کارت',
      newPin: 'رمز تازهٔ کارت',
      newPinAgain: 'رمز تازهٔ کارت، بار دوم',
      newPuk: 'رمز بازگشایی تازه',
      newPukAgain: 'رمز بازگشایی تازه، بار دوم',
      puk: 'رمز بازگشایی',
    },
    send: 'ادامه',
    cancel: 'انصراف',
    pinPad: 'رمز را روی صفحه‌کلید کارت‌خوان وارد کنید.',
    working: 'در حال کار با کارت… آن را بیرون نکشید.',
    done: 'انجام شد. این پنجره را ببندید.',
    refused: 'پذیرفته نشد. این پنجره را ببندید.',
    gone: 'این پرسش دیگر باز نیست.',
    notices: {
      'pin-wrong': 'رمز درست نبود. پس از چند بار اشتباه، کارت مسدود می‌شود.',
      'puk-wrong': 'رمز بازگشایی درست نبود. اگر آن هم تمام شود، کلید از دست می‌رود.',
      'pin-length': 'طول رمز درست نیست.',
      'pins-differ': 'دو بار یکسان وارد نشده است.',
      'last-try': 'فقط یک بار دیگر می‌توانید رمز را وارد کنید؛ سپس کارت مسدود می‌شود.',
      'wrong-before': 'پیش از این رمز اشتباه وارد شده است.',
    },
    failed: 'انجام نشد. این پنجره را ببندید؛ کنسول علت را نشان می‌دهد.',
  },
  en: {
    direction: 'ltr',
    name: 'Mohr card agent',
    otherLanguage: 'فارسی',
    pairingTitle: 'Pair a browser with this agent',
    pairing:
      'This code has to be the one that the console shows. If it is another, somebody is in between: refuse.',
    codeIsSame: 'The code is the same: accept',
    codeDiffers: 'It differs: refuse',
    asker: 'Asked by',
    card: 'Card',
    document: 'What is signed',
    contents: 'Text of the document',
    digest: 'SHA-256 digest',
    titles: {
      'set-pin': 'Set the PIN of the card',
      'make-key': 'Make a key on the card',
      'write-certificates': 'Write certificates on the card',
      sign: 'Electronic signature',
      'unblock-pin': 'Unblock the card',
      'destroy-keys': 'Destroy the keys of the card',
    },
    secrets: {
      transportPin: 'Transport PIN (it came with the card)',
      transportPuk: 'Transport PUK (it came with the card)',
      pin: 'PIN',
      newPin: 'New PIN',
      newPinAgain: 'New PIN, once more',
      newPuk: 'New PUK',
      newPukAgain: 'New PUK, once more',
      puk: 'PUK',
    },
    send: 'Continue',
    cancel: 'Cancel',
    pinPad: "Type the PIN on the reader's pad.",
    working: 'Working with the card… do not pull it out.',
    done: 'Done. Close this window.',
    refused: 'Refused. Close this window.',
    gone: 'This question is not open any more.',
    notices: {
      'pin-wrong': 'The PIN was wrong. After a few wrong ones the card is blocked.',
      'puk-wrong': 'The PUK was wrong. When its tries are used up, the key is lost.',
      'pin-length': 'That length is not allowed.',
      'pins-differ': 'The two are not the same.',
      'last-try': 'One try is left; after it the card is blocked.',
      'wrong-before': 'The PIN was typed wrong before.',
    },
    failed: 'Not done. Close this window; the console shows why.',
  },
};

/** The language of a request: what the address says, else what the browser prefers, else Persian. */
export function promptLanguage(query: string | null, acceptLanguage: string | undefined): PromptLanguage {
  if (query === 'fa' || query === 'en') return query;
  const first = /^\s*([a-z]{2})/i.exec(acceptLanguage ?? '')?.[1].toLowerCase();
  return first === 'en' ? 'en' : 'fa';
}
