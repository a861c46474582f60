import type { RegisterHealth } from '../../client/dashboard.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';

export function RegisterHealthList({ registers }: { registers: readonly RegisterHealth[] }) {
  const { t, format } = useSpeech();
  return (
    <ItemList items={registers} empty={t('dashboard.registers-none')}>
      {({ register, lastResult, lastAt, circuit, lastDay }) => {
        const isWell = lastResult !== 'UNAVAILABLE' && circuit === 'closed';
        return (
          <ItemRow
            key={register}
            title={t(`register.${register}`)}
            mark={
              <Badge tone={isWell ? 'good' : 'bad'} icon={isWell ? 'check' : 'warn'}>
                {t(isWell ? 'dashboard.answers' : 'register-result.UNAVAILABLE')}
              </Badge>
            }
            detail={
              <>
                {circuit === 'open'
                  ? t('dashboard.register-open')
                  : t('dashboard.register-last', { at: format.instant(lastAt) })}
                <br />
                {t('dashboard.register-day', {
                  match: lastDay.MATCH,
                  noMatch: lastDay.NO_MATCH,
                  unavailable: lastDay.UNAVAILABLE,
                })}
              </>
            }
          />
        );
      }}
    </ItemList>
  );
}
