/** Languages that holders and clients read here (RFC 5646). */
export const CSC_LANGUAGES = ['fa-IR', 'en-US'] as const;
export type CscLanguage = (typeof CSC_LANGUAGES)[number];

/** The nearest one that is spoken here; Persian where none is named. */
export function languageOf(tag: string | undefined): CscLanguage {
  return tag !== undefined && /^en(-|$)/i.test(tag) ? 'en-US' : 'fa-IR';
}

interface CscTexts {
  /** Of the service. */
  name: string;
  about: string;
  /** Of the phone as a means of authorization. */
  label: string;
  description: string;
  /** On the phone, of a document of which only the hash has come. */
  document: string;
  onlyHash: string;
  /** On the phone, of a hash that is signed as it is. */
  readyDigest: string;
  /** On the phone, of the wish to see a holder's certificates. */
  listTitle: string;
  listText(party: string): string;
}

export const CSC_TEXTS: Readonly<Record<CscLanguage, CscTexts>> = {
  'fa-IR': {
    name: 'مهر',
    about: 'امضای الکترونیکی پزشکان با کلیدی که روی تلفن همراه ساخته شده و از آن بیرون نمی‌رود',
    label: 'تلفن همراه',
    description: 'درخواست را روی تلفن همراه ببینید، کد تطبیق را انتخاب کنید و رمز را وارد کنید',
    document: 'سند',
    onlyHash: 'سند نزد درخواست‌کننده مانده است؛ تنها اثر انگشت آن امضا می‌شود:',
    readyDigest:
      'این اثر انگشت همان‌گونه که رسیده است امضا می‌شود. تنها درخواست‌کننده می‌داند که اثر انگشت چیست؛ اگر به او اطمینان ندارید، امضا نکنید:',
    listTitle: 'نمایش گواهی‌ها',
    listText: (party) => `اجازه می‌دهم «${party}» گواهی‌های امضای مرا ببیند. این اجازه چیزی را امضا نمی‌کند.`,
  },
  'en-US': {
    name: 'Mohr',
    about:
      'Electronic signatures of physicians, with keys that are made on their phones and never leave them',
    label: 'Phone',
    description: 'Look at the request on the phone, pick the verification code and enter the PIN',
    document: 'Document',
    onlyHash: 'The document stays with whoever asks; its fingerprint alone is signed:',
    readyDigest:
      'This fingerprint is signed as it has come. Only whoever asks knows what it is the fingerprint of; do not sign if you do not trust them:',
    listTitle: 'Showing certificates',
    listText: (party) => `I let “${party}” see my signature certificates. This signs nothing else.`,
  },
};
