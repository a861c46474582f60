import { GregorianCalendar, PersianCalendar, parseDate, toCalendar, today } from '@internationalized/date';
import type { CalendarDate } from '@internationalized/date';
import { use } from 'react';
import {
  Button,
  Calendar,
  CalendarStateContext,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Group,
  Heading,
  I18nProvider,
  Label,
  Popover,
  Text,
} from 'react-aria-components';

import { toAsciiDigits } from '../../core/digits.ts';
import { Icon } from '../app/icons.tsx';
import type { Language } from '../i18n/language.ts';
import { useSpeech } from '../i18n/language-context.tsx';
import styles from './jalali-date-field.module.css';

interface JalaliDateFieldProps {
  label: string;
  description?: string;
  error?: string | undefined;
  /** `yyyy-mm-dd`, Gregorian; empty when there is none. */
  value: string;
  onChange(value: string): void;
  isRequired?: boolean;
  /** The last day that can be chosen is today. */
  isPast?: boolean;
}

/**
 * Persian screens count in the Jalali calendar; English ones in the Gregorian. The digits are those of the language by themselves:
 * with them named (`-nu-`), the segments would not take ASCII ones.
 */
const LOCALES: Record<Language, string> = {
  fa: 'fa-IR-u-ca-persian',
  en: 'en-GB-u-ca-gregory',
};

const GREGORIAN = new GregorianCalendar();
const PERSIAN = new PersianCalendar();

/** A day, typed in segments with digits of either script or chosen from a calendar. */
export function JalaliDateField(props: JalaliDateFieldProps) {
  const { language, t } = useSpeech();
  return (
    <I18nProvider locale={LOCALES[language]}>
      <DatePicker
        className={styles.field}
        value={dateOf(props.value, language)}
        onChange={(date) => props.onChange(date ? toCalendar(date, GREGORIAN).toString() : '')}
        isInvalid={props.error !== undefined}
        isRequired={props.isRequired ?? false}
        {...(props.isPast && { maxValue: inCalendarOf(today('Asia/Tehran'), language) })}
        shouldForceLeadingZeros
      >
        <Label className={styles.label}>
          {props.label}
          {props.isRequired && <span aria-hidden="true"> *</span>}
        </Label>
        {props.description !== undefined && (
          <Text slot="description" className={styles.description}>
            {props.description}
          </Text>
        )}
        <Group className={styles.group} ref={takeEveryDigit}>
          <DateInput className={styles.input}>
            {(segment) => <DateSegment segment={segment} className={styles.segment} />}
          </DateInput>
          <Button className={styles.open} aria-label={t('date.choose')}>
            <Icon name="calendar" size={18} />
          </Button>
        </Group>
        <FieldError className={styles.error}>{props.error}</FieldError>
        <Popover className={styles.popover}>
          <Dialog className={styles.dialog}>
            <MonthCalendar />
          </Dialog>
        </Popover>
      </DatePicker>
    </I18nProvider>
  );
}

function MonthCalendar() {
  const { t } = useSpeech();
  return (
    <Calendar>
      <header className={styles.header}>
        <Button slot="previous" className={styles.turn} aria-label={t('date.previous-month')}>
          <span className={styles.arrow}>‹</span>
        </Button>
        <MonthHeading />
        <Button slot="next" className={styles.turn} aria-label={t('date.next-month')}>
          <span className={styles.arrow}>›</span>
        </Button>
      </header>
      <CalendarGrid>
        <CalendarGridHeader>
          {(day) => <CalendarHeaderCell className={styles.weekday}>{day}</CalendarHeaderCell>}
        </CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} className={styles.day} />}</CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  );
}

/** Engines put the year first in Persian; nobody says it so. */
function MonthHeading() {
  const { format } = useSpeech();
  const { visibleRange } = use(CalendarStateContext)!;
  return (
    <Heading className={styles.month}>
      {format.month(visibleRange.start.toDate('Asia/Tehran').toISOString())}
    </Heading>
  );
}

/** The segments know ASCII digits in each language; keyboards of either script write into them. */
function takeEveryDigit(field: HTMLElement | null): (() => void) | undefined {
  field?.addEventListener('beforeinput', asAscii, { capture: true });
  return () => field?.removeEventListener('beforeinput', asAscii, { capture: true });
}

function asAscii(event: InputEvent): void {
  const data = toAsciiDigits(event.data ?? '');
  if (data === (event.data ?? '')) return;
  event.preventDefault();
  event.stopPropagation();
  const { inputType } = event;
  event.target?.dispatchEvent(
    new InputEvent('beforeinput', { data, inputType, bubbles: true, cancelable: true }),
  );
}

function dateOf(value: string, language: Language): CalendarDate | null {
  if (value === '') return null;
  return inCalendarOf(parseDate(value), language);
}

/** A limit in another calendar than the page's would make the calendar open in that one. */
function inCalendarOf(date: CalendarDate, language: Language): CalendarDate {
  return language === 'fa' ? toCalendar(date, PERSIAN) : date;
}
