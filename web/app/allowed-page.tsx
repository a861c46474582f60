import { useOfficer } from './officer-context.ts';
import { MessagePage } from '../parts/message-page.tsx';
import { useSpeech } from '../i18n/language-context.tsx';
import { mayOpen } from './may-open.ts';
import type { ConsolePage } from './pages.ts';

/** A page, or why it is not this officer's. The service checks every request; this only spares a refusal. */
export function AllowedPage({ page }: { page: ConsolePage }) {
  const { roles } = useOfficer();
  const { t } = useSpeech();
  if (!mayOpen(page.access, roles))
    return <MessagePage title={t('page.not-yours-title')} text={t('page.not-yours-text')} />;
  return <page.component />;
}
