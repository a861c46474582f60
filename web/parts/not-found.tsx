import { useSpeech } from '../i18n/language-context.tsx';
import { MessagePage } from './message-page.tsx';

export function NotFound() {
  const { t } = useSpeech();
  return <MessagePage title={t('page.not-found-title')} text={t('page.not-found-text')} />;
}
