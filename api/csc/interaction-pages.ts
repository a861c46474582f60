import type { CscLanguage } from '../../signing/csc/csc-language.ts';

// Plain pages: whoever sends a browser here may be any prescription system, and nothing of it gets onto the page but the name that
// the CA has entered.

interface PageTexts {
  title: string;
  asks(party: string): string;
  name: string;
  nameHint: string;
  unknown: string;
  next: string;
  code: string;
  gone: string;
}

const TEXTS: Readonly<Record<CscLanguage, PageTexts>> = {
  'fa-IR': {
    title: 'تأیید روی تلفن همراه',
    asks: (party) => `«${party}» درخواست می‌کند.`,
    name: 'شمارهٔ نظام پزشکی یا کد ملی',
    nameHint: 'برای نمونه: physician-12345',
    unknown: 'با این شماره کلیدی روی تلفن همراه یافت نشد.',
    next: 'ادامه',
    code: 'درخواست را روی تلفن همراه باز کنید و همین کد را انتخاب کنید:',
    gone: 'زمان این درخواست گذشته است. از سامانهٔ خود دوباره آغاز کنید.',
  },
  'en-US': {
    title: 'Confirm on the phone',
    asks: (party) => `“${party}” asks.`,
    name: 'Council number or national ID',
    nameHint: 'For example: physician-12345',
    unknown: 'No key on a phone was found for this number.',
    next: 'Continue',
    code: 'Open the request on the phone and pick the same code:',
    gone: 'The time of this request is over. Begin again in your system.',
  },
};

const REFRESH_SECONDS = 2;

const STYLE = `body{font:1.1rem/1.7 Vazirmatn,Tahoma,system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1.5rem;
color:#1b2733;background:#f6f8fa}main{background:#fff;border:1px solid #d7dee5;border-radius:.75rem;padding:2rem}
h1{font-size:1.3rem;margin:0 0 1rem}output{display:block;font-size:3rem;letter-spacing:.3em;text-align:center;direction:ltr}
label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}input{direction:ltr;padding:.5rem;margin:.25rem 0}
button{margin-top:1rem;padding:.6rem;border:0;border-radius:.5rem;background:#0b5c8a;color:#fff}.fault{color:#a3241c}`;

/** Asks whose phone it is. */
export function namePage({
  language,
  party,
  isUnknown,
}: {
  language: CscLanguage;
  party: string;
  isUnknown: boolean;
}): string {
  const texts = TEXTS[language];
  const fault = isUnknown ? `<p class="fault" role="alert">${texts.unknown}</p>` : '';
  return document(
    language,
    `<p>${escaped(texts.asks(party))}</p>${fault}<form method="post"><label for="userID">${texts.name}</label>
<input id="userID" name="userID" required maxlength="60" autocomplete="off" aria-describedby="hint">
<small id="hint">${texts.nameHint}</small><button>${texts.next}</button></form>`,
  );
}

/** Shows the code that the phone asks for, until the phone has answered. */
export function codePage({
  language,
  party,
  verificationCode,
}: {
  language: CscLanguage;
  party: string;
  verificationCode: string;
}): string {
  const { asks, code } = TEXTS[language];
  return document(
    language,
    `<p>${escaped(asks(party))}</p><p>${code}</p><output>${escaped(verificationCode)}</output>`,
    `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">`,
  );
}

export function gonePage(language: CscLanguage): string {
  return document(language, `<p>${TEXTS[language].gone}</p>`);
}

function document(language: CscLanguage, body: string, head = ''): string {
  const { title } = TEXTS[language];
  const direction = language === 'fa-IR' ? 'rtl' : 'ltr';
  return `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">${head}<title>${title}</title>
<style>${STYLE}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
