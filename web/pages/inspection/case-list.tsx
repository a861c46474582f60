import { Button } from '@mantine/core';
import { Link } from 'wouter';

import type { InspectionCase } from '../../client/inspections.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';

export function CaseList({ cases }: { cases: readonly InspectionCase[] }) {
  const { t } = useSpeech();
  return (
    <ItemList items={cases} empty={t('app.none')}>
      {({ position, applicationId, wasRevoked, papers }) => (
        <ItemRow
          key={applicationId}
          title={t('inspection.case', { position })}
          mark={wasRevoked && <Badge tone="bad">{t('inspection.was-revoked')}</Badge>}
          detail={
            papers.length === 0
              ? t('inspection.no-papers')
              : papers.map((kind) => t(`evidence-kind.${kind}`)).join(t('app.comma'))
          }
          action={
            <Button component={Link} href={`/applications/${applicationId}`} variant="default" size="sm">
              {t('inspection.open-case')}
            </Button>
          }
        />
      )}
    </ItemList>
  );
}
