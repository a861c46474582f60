import { useSpeech } from '../i18n/language-context.tsx';

/** A number that names somebody or something: digits of the language, left to right. */
export function Identifier({ children }: { children: string }) {
  const { format } = useSpeech();
  return (
    <bdi className="ltr" dir="ltr">
      {format.digits(children)}
    </bdi>
  );
}
