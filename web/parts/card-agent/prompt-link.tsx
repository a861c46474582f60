import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';

/** Of the agent's own window, which asks for one thing. */
const WINDOW = 'noopener,width=520,height=640';

/**
 * Opens the agent's own page, where PIN and PUK are typed: they never pass through this page or the service. Browsers may keep a
 * window that nobody has clicked for from opening, so the link stays.
 */
export function PromptLink({ promptUrl }: { promptUrl: string }) {
  const { t } = useSpeech();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    window.open(promptUrl, '_blank', WINDOW);
    link.current?.focus();
  }, [promptUrl]);
  return (
    <Button
      ref={link}
      component="a"
      href={promptUrl}
      target="_blank"
      rel="noopener noreferrer"
      variant="default"
      leftSection={<Icon name="card" />}
    >
      {t('agent.open-prompt')}
    </Button>
  );
}
