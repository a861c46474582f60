import { Button, Group } from '@mantine/core';

import { useReportFiles } from '../client/validations.ts';
import type { HandedIn, ReportFiles } from '../client/validations.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Section } from '../parts/section.tsx';
import { VerifyFailure } from './verify-failure.tsx';

const FILES: Record<keyof ReportFiles, { name: string; type: string }> = {
  print: { name: 'mohr-verdict.pdf', type: 'application/pdf' },
  pack: { name: 'mohr-evidence.zip', type: 'application/zip' },
};

/** The verdict to take along: on paper, and as evidence that holds without us. */
export function ReportSection({ handed }: { handed: HandedIn }) {
  const { t, language } = useSpeech();
  const report = useReportFiles(handed, language);
  const take = (which: keyof ReportFiles) =>
    report.mutate(undefined, { onSuccess: (files) => save(files[which], FILES[which]) });
  return (
    <Section title={t('verify.take')} hint={t('verify.take-hint')}>
      <VerifyFailure error={report.error} />
      <Group>
        <Button variant="default" disabled={report.isPending} onClick={() => take('print')}>
          {t('verify.take-print')}
        </Button>
        <Button variant="default" disabled={report.isPending} onClick={() => take('pack')}>
          {t('verify.take-pack')}
        </Button>
      </Group>
    </Section>
  );
}

/** Hands a file to whoever reads the page; it never was at an address. */
function save(base64: string, { name, type }: { name: string; type: string }): void {
  const octets = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([octets], { type }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
