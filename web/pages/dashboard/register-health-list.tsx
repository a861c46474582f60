import type { IconName } from '../../app/icons.tsx';
import type { RegisterHealth } from '../../client/dashboard.ts';
import type { RegisterAnswer } from '../../client/types.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import type { Tone } from '../../parts/notice.tsx';
import styles from './dashboard-page.module.css';

const RESULTS: readonly RegisterAnswer['result'][] = ['MATCH', 'NO_MATCH', 'UNAVAILABLE'];

interface Look {
  tone: Tone;
  icon: IconName;
  label: TextKey;
}

const NOT_ASKED: Record<Exclude<RegisterHealth['circuit'], 'closed'>, Look> = {
  open: { tone: 'bad', icon: 'warn', label: 'dashboard.register-open' },
  'half-open': { tone: 'warn', icon: 'wait', label: 'dashboard.register-half-open' },
};
const SILENT: Look = { tone: 'bad', icon: 'warn', label: 'register-result.UNAVAILABLE' };
const ANSWERS: Look = { tone: 'good', icon: 'check', label: 'dashboard.answers' };

/** Whether each register is asked and answers, and what the answers of a day were. */
export function RegisterHealthList({ registers }: { registers: readonly RegisterHealth[] }) {
  const { t } = useSpeech();
  return (
    <ItemList items={registers} empty={t('dashboard.registers-none')}>
      {(health) => <RegisterRow key={health.register} health={health} />}
    </ItemList>
  );
}

function RegisterRow({ health }: { health: RegisterHealth }) {
  const { t, format } = useSpeech();
  const { register, lastAt, lastDay } = health;
  const { tone, icon, label } = lookOf(health);
  return (
    <ItemRow
      title={t(`register.${register}`)}
      mark={
        <Badge tone={tone} icon={icon}>
          {t(label)}
        </Badge>
      }
      detail={
        <>
          {t('dashboard.register-last', { at: format.instant(lastAt) })}
          <br />
          {t('dashboard.register-day', {
            match: lastDay.MATCH,
            noMatch: lastDay.NO_MATCH,
            unavailable: lastDay.UNAVAILABLE,
          })}
        </>
      }
    >
      {/* The line above says the same in numbers. */}
      <div className={styles.share} aria-hidden="true">
        {RESULTS.map((result) => (
          <span key={result} data-result={result} style={{ flexGrow: lastDay[result] }} />
        ))}
      </div>
    </ItemRow>
  );
}

/** What the service does with a register tells more than the last answer does. */
function lookOf({ circuit, lastResult }: RegisterHealth): Look {
  if (circuit !== 'closed') return NOT_ASKED[circuit];
  return lastResult === 'UNAVAILABLE' ? SILENT : ANSWERS;
}
