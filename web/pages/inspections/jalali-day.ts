import { gregorianToJalali } from '../../../core/jalali.ts';

/** The Jalali `yyyymmdd` of a Gregorian `yyyy-mm-dd`, as the service reads days. */
export function jalaliDayOf(gregorian: string): string {
  const [year, month, day] = gregorian.split('-').map(Number);
  const jalali = gregorianToJalali({ year, month, day });
  return `${jalali.year}${twoDigits(jalali.month)}${twoDigits(jalali.day)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
