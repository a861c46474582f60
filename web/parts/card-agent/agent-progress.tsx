import { Loader } from '@mantine/core';

import type { Progress } from '../../client/card-agent.ts';
import { en } from '../../i18n/catalogue.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from './agent-section.module.css';
import { PromptLink } from './prompt-link.tsx';

/** What the agent is doing with the card just now, and its window where somebody has to type. */
export function AgentProgress({ progress }: { progress: Progress | undefined }) {
  const { t } = useSpeech();
  const key = `agent-step.${progress?.step ?? 'card'}`;
  const text = Object.hasOwn(en, key) ? t(key as TextKey) : t('agent-step.card');
  return (
    <div className={styles.pairing} role="status" aria-live="polite">
      <p>
        <Loader size="xs" /> {progress?.promptUrl === undefined ? text : t('agent.type-there')}
      </p>
      {progress?.promptUrl !== undefined && <PromptLink promptUrl={progress.promptUrl} />}
    </div>
  );
}
