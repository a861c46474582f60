import type { SignatureReport, ValidationReport } from '../client/validation-report.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import { Facts } from '../parts/facts.tsx';
import type { Fact } from '../parts/facts.tsx';
import { Latin } from '../parts/latin.tsx';
import { BothCalendars } from './both-calendars.tsx';
import styles from './verify.module.css';

interface VerdictDetailsProps {
  report: ValidationReport;
  documentSha256?: string;
}

/** What an expert asks for; closed until then. */
export function VerdictDetails({ report, documentSha256 }: VerdictDetailsProps) {
  const { t } = useSpeech();
  return (
    <details className={styles.details}>
      <summary>{t('verify.details')}</summary>
      <Facts
        facts={[
          { name: t('verify.indication'), value: <Code>{nameOf(report)}</Code> },
          { name: t('verify.policy'), value: <Code>{report.policy}</Code> },
          ...(documentSha256 === undefined
            ? []
            : [{ name: t('verify.sha256'), value: <Code>{documentSha256}</Code>, wide: true }]),
        ]}
      />
      {report.signatures.map((signature) => (
        <Facts key={signature.id} facts={factsOf(signature, t)} />
      ))}
    </details>
  );
}

function factsOf(signature: SignatureReport, t: ReturnType<typeof useSpeech>['t']): Fact[] {
  const { certificate, algorithms, timeStamps } = signature;
  return [
    { name: t('verify.indication'), value: <Code>{nameOf(signature)}</Code> },
    ...(algorithms
      ? [{ name: t('verify.algorithms'), value: <Code>{`${algorithms.scheme}, ${algorithms.digest}`}</Code> }]
      : []),
    ...(certificate
      ? [
          { name: t('field.serial'), value: <Code>{certificate.serialNumber}</Code> },
          { name: t('field.valid-from'), value: <BothCalendars at={certificate.notBefore} /> },
          { name: t('field.valid-to'), value: <BothCalendars at={certificate.notAfter} /> },
          { name: t('field.fingerprint'), value: <Code>{certificate.fingerprint}</Code>, wide: true },
        ]
      : []),
    ...timeStamps.flatMap(({ genTime, authority, indication }) =>
      genTime === undefined
        ? []
        : [
            {
              name: t('verify.time-stamp'),
              value: (
                <>
                  <BothCalendars at={genTime} /> <Code>{`${indication} ${authority?.subject ?? ''}`}</Code>
                </>
              ),
              wide: true,
            },
          ],
    ),
    ...(signature.reasons.length > 0
      ? [{ name: t('verify.reason-codes'), value: <Code>{codesOf(signature)}</Code>, wide: true }]
      : []),
  ];
}

function Code({ children }: { children: string }) {
  return <Latin code>{children}</Latin>;
}

function codesOf({ reasons }: SignatureReport): string {
  return reasons.map(({ code }) => code).join(', ');
}

function nameOf({ indication, subIndication }: { indication: string; subIndication?: string }): string {
  return subIndication === undefined ? indication : `${indication} / ${subIndication}`;
}
