import type { ReactNode } from 'react';

import type { PreparedApproval } from '../../client/approvals.ts';
import { en } from '../../i18n/catalogue.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { Translate } from '../../i18n/language-context.tsx';
import { CouncilNumber } from '../../parts/council-number.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import styles from './application-page.module.css';
import { validityText } from './validity-text.ts';

/** Every line of the approval document, and its very octets for whoever wants to see them. */
export function ApprovalLines({ prepared: { document, canonical, digest } }: { prepared: PreparedApproval }) {
  const { t, format } = useSpeech();
  const { certificate, application, registerAnswers } = document;
  const lines: [name: string, value: ReactNode][] = [
    ...certificate.subject.map(({ type, value }): [string, ReactNode] => [
      subjectName(type, t),
      <SubjectValue key={type} type={type} value={value} />,
    ]),
    [t('document.permanent'), <CouncilNumber key="number" number={certificate.councilNumber} />],
    ...(certificate.registrationNumber === undefined
      ? []
      : ([
          [
            t('document.registration'),
            <Identifier key="registration">{certificate.registrationNumber}</Identifier>,
          ],
        ] as [string, ReactNode][])),
    [
      t('document.profile'),
      <>
        <ProfileName id={certificate.profileId} />{' '}
        <Latin>{`${certificate.profileId} v${certificate.profileVersion}`}</Latin>
      </>,
    ],
    [t('document.validity'), validityText(certificate.validity, t)],
    [t('document.authority'), <Latin key="authority">{certificate.authorityId}</Latin>],
    [
      t('document.key-digest'),
      certificate.subjectPublicKeyInfoSha256 === undefined ? (
        t('document.key-later')
      ) : (
        <Latin key="key" code>
          {certificate.subjectPublicKeyInfoSha256}
        </Latin>
      ),
    ],
    ...registerAnswers.map(({ register, result, answeredAt }): [string, ReactNode] => [
      t(`register.${register}`),
      `${resultText(result, t)} — ${format.instant(answeredAt)}`,
    ]),
    [t('document.version'), format.number(application.version)],
    [t('document.prepared'), format.instant(document.preparedAt)],
  ];
  return (
    <div>
      <dl className={styles.lines}>
        {lines.map(([name, value]) => (
          <div key={name} className={styles.line}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.digest}>
        {t('application.digest')}: <Latin code>{digest}</Latin>
      </p>
      <details>
        <summary>{t('document.canonical')}</summary>
        <pre className={styles.canonical} tabIndex={0} lang="en">
          {canonical}
        </pre>
      </details>
    </div>
  );
}

/** Attribute types that the catalogue does not name keep the standard's name. */
function subjectName(type: string, t: Translate): string {
  const key = `subject.${type}`;
  return Object.hasOwn(en, key) ? t(key as TextKey) : type;
}

function resultText(result: string, t: Translate): string {
  const key = `register-result.${result}`;
  return Object.hasOwn(en, key) ? t(key as TextKey) : result;
}

/** Names in Persian letters keep their direction; the national id is a number; all else in a subject is Latin. */
function SubjectValue({ type, value }: { type: string; value: string }) {
  if (type === 'serialNumber') return <Identifier>{value}</Identifier>;
  if (type === 'surname' || type === 'givenName') return <bdi>{value}</bdi>;
  return <Latin>{value}</Latin>;
}
