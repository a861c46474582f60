import { FORMATS } from '../i18n/format.ts';
import { useSpeech } from '../i18n/language-context.tsx';

/** A time of Tehran, Jalali and Gregorian: the reader's own calendar first. */
export function BothCalendars({ at }: { at: string }) {
  const { language } = useSpeech();
  const other = language === 'fa' ? 'en' : 'fa';
  return (
    <>
      <span>{FORMATS[language].instant(at)}</span>{' '}
      <bdi lang={other} dir={other === 'fa' ? 'rtl' : 'ltr'} data-other-calendar>
        {FORMATS[other].instant(at)}
      </bdi>
    </>
  );
}
