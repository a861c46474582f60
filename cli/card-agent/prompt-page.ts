import { createHash } from 'node:crypto';

import type { Question, SecretName, ShownDocument } from './prompter.ts';
import { PROMPT_TEXTS } from './prompt-texts.ts';
import type { PromptLanguage } from './prompt-texts.ts';

/** What a page shows. */
export type PromptView =
  | { kind: 'question'; question: Question; formId: string }
  | { kind: 'working' }
  | { kind: 'ended'; outcome: string }
  | { kind: 'gone' };

const STYLE = `body{font:1rem/1.6 system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem;color:#1b2430;background:#fff}
h1{font-size:1.25rem}label{display:block;margin-top:.9rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;direction:ltr}
button{font:inherit;padding:.6rem 1.2rem;margin:1.2rem 0 0;margin-inline-end:.6rem}
.code{font:700 2.4rem ui-monospace,monospace;letter-spacing:.3rem;direction:ltr;text-align:center}
.notice{border-inline-start:.3rem solid #b3261e;padding:.4rem .8rem;background:#fdf0ef}
dt{color:#53606d}dd{margin:0 0 .5rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f3f5f7;padding:.6rem;max-height:16rem;overflow:auto;unicode-bidi:plaintext}
bdi{direction:ltr;unicode-bidi:isolate}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * No script at all, no frames, nothing from elsewhere: whoever gets text into this page gets no further. The opener is cut
 * off, so the page that opened it can neither read nor steer it. `same-origin` referrers, because with none a form's Origin
 * would be `null`.
 */
export const PROMPT_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
  'content-type': 'text/html; charset=utf-8',
};

/** The page of a prompt. */
export function promptPage(view: PromptView, language: PromptLanguage): string {
  const texts = PROMPT_TEXTS[language];
  const other = language === 'fa' ? 'en' : 'fa';
  // Without script, the page asks again by itself until there is something to do.
  const refresh = view.kind === 'working' ? '<meta http-equiv="refresh" content="1">' : '';
  return `<!doctype html>
<html lang="${language}" dir="${texts.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}
<title>${texts.name}</title><style>${STYLE}</style></head>
<body><p>${texts.name} · <a href="?lang=${other}" lang="${other}">${texts.otherLanguage}</a></p>
${body(view, language)}
</body></html>
`;
}

function body(view: PromptView, language: PromptLanguage): string {
  const texts = PROMPT_TEXTS[language];
  switch (view.kind) {
    case 'question':
      return questionBody(view.question, view.formId, language);
    case 'working':
      return `<p role="status">${texts.working}</p>`;
    case 'gone':
      return `<p>${texts.gone}</p>`;
    case 'ended':
      return `<p role="status">${endText(view.outcome, language)}</p>`;
  }
}

function endText(outcome: string, language: PromptLanguage): string {
  const texts = PROMPT_TEXTS[language];
  if (outcome === 'done') return texts.done;
  return outcome === 'refused' || outcome === 'prompt-cancelled' ? texts.refused : texts.failed;
}

function questionBody(question: Question, formId: string, language: PromptLanguage): string {
  const texts = PROMPT_TEXTS[language];
  if (question.kind === 'pairing') {
    return `<h1>${texts.pairingTitle}</h1>${facts([[texts.asker, question.origin]])}
<p class="code">${escaped(question.code)}</p><p>${texts.pairing}</p>
${form(formId, '', texts.codeIsSame, texts.codeDiffers)}`;
  }
  const head = `<h1>${texts.titles[question.operation] ?? escaped(question.operation)}</h1>
${facts([
  [texts.asker, question.origin],
  [texts.card, question.cardSerial],
])}${documentBody(question.document, language)}`;
  if (question.kind === 'pin-pad') return `${head}<p role="status">${texts.pinPad}</p>`;
  const notice = question.notice && texts.notices[question.notice];
  const fields = question.secrets.map((name, index) => field(name, texts.secrets[name], index === 0));
  return `${head}${notice ? `<p class="notice" role="alert">${notice}</p>` : ''}
${form(formId, fields.join('\n'), texts.send, texts.cancel)}`;
}

function documentBody(document: ShownDocument | undefined, language: PromptLanguage): string {
  if (!document) return '';
  const texts = PROMPT_TEXTS[language];
  const contents =
    document.text === undefined ? '' : `<p>${texts.contents}</p><pre>${escaped(document.text)}</pre>`;
  return `<p>${texts.document}</p><pre>${escaped(document.display)}</pre>${contents}
${facts([[texts.digest, document.sha256]])}`;
}

function facts(rows: readonly [string, string][]): string {
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd><bdi>${escaped(value)}</bdi></dd>`).join('')}</dl>`;
}

function field(name: SecretName, label: string, isFirst: boolean): string {
  return `<label>${label}<input type="password" name="${name}" autocomplete="off" required${isFirst ? ' autofocus' : ''}></label>`;
}

/** Cancelling needs no fields filled in. */
function form(formId: string, fields: string, accept: string, refuse: string): string {
  return `<form method="post"><input type="hidden" name="form" value="${formId}">${fields}
<button name="act" value="accept">${accept}</button><button name="act" value="refuse" formnovalidate>${refuse}</button></form>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}
