import type { InspectionFile, Severity } from '../../client/inspections.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import type { Tone } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';
import { RecordFindingButton } from './record-finding-button.tsx';

const TONES: Record<Severity, Tone> = { note: 'calm', minor: 'warn', major: 'bad' };

export function FindingsSection({ file, isOpen }: { file: InspectionFile; isOpen: boolean }) {
  const { t, format } = useSpeech();
  const positions = new Map(file.cases.map(({ applicationId, position }) => [applicationId, position]));
  const about = (applicationId: string | undefined) => {
    const position = applicationId === undefined ? undefined : positions.get(applicationId);
    return position === undefined ? t('inspection.about-office') : t('inspection.case', { position });
  };
  return (
    <Section title={t('inspection.findings')} aside={isOpen && <RecordFindingButton file={file} />}>
      <ItemList items={file.findings} empty={t('inspection.no-findings')}>
        {({ id, applicationId, severity, text, recordedAt }) => (
          <ItemRow
            key={id}
            title={<bdi>{text}</bdi>}
            mark={<Badge tone={TONES[severity]}>{t(`severity.${severity}`)}</Badge>}
            detail={`${about(applicationId)} · ${format.instant(recordedAt)}`}
          />
        )}
      </ItemList>
    </Section>
  );
}
