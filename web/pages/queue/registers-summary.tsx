import type { IconName } from '../../app/icons.tsx';
import type { RegisterAnswer } from '../../client/types.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import type { Tone } from '../../parts/notice.tsx';

interface Summary {
  tone: Tone;
  icon: IconName;
  label: TextKey;
}

/** What the registers said, in a word. */
export function RegistersSummary({ answers }: { answers: readonly RegisterAnswer[] }) {
  const { t } = useSpeech();
  const { tone, icon, label } = summaryOf(answers.map(({ result }) => result));
  return (
    <Badge tone={tone} icon={icon}>
      {t(label)}
    </Badge>
  );
}

/** The worst answer stands for all. */
function summaryOf(results: readonly RegisterAnswer['result'][]): Summary {
  if (results.includes('NO_MATCH')) return { tone: 'bad', icon: 'cross', label: 'queue.registers-differ' };
  if (results.includes('UNAVAILABLE')) return { tone: 'warn', icon: 'warn', label: 'queue.registers-silent' };
  if (results.length === 0) return { tone: 'quiet', icon: 'wait', label: 'queue.registers-none' };
  return { tone: 'good', icon: 'check', label: 'queue.registers-match' };
}
