import { Icon } from '../../app/icons.tsx';
import type { NextStep } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from './step-list.module.css';

/** The whole way, in its order. */
const WAY = [
  'choose',
  'set-pin',
  'make-key',
  'submit',
  'await-approval',
  'activate',
  'write',
  'test',
  'receive',
] as const satisfies readonly (NextStep | 'choose')[];

/** What is done, what is next, and what is still to come. */
export function StepList({ next }: { next: NextStep | 'choose' }) {
  const { t } = useSpeech();
  const at = (WAY as readonly string[]).indexOf(next);
  // Completed, or given up: nothing is next.
  const reached = next === 'none' ? WAY.length : at;
  return (
    <ol className={styles.steps}>
      {WAY.map((step, index) => {
        const state = index < reached ? 'done' : index === reached ? 'next' : 'later';
        return (
          <li key={step} data-state={state} {...(state === 'next' && { 'aria-current': 'step' as const })}>
            <Icon name={state === 'done' ? 'check' : 'wait'} size={16} />
            <span>{t(`way.${step}`)}</span>
            {state === 'done' && <span className="visually-hidden">{t('personalise.done')}</span>}
          </li>
        );
      })}
    </ol>
  );
}
