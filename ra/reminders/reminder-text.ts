import { toPersianDigits } from '../../core/digits.ts';
import { formatJalali } from '../../core/jalali.ts';
import type { MessageText } from '../messages/message.ts';
import type { DueReminder } from './reminder.ts';

/** Names nobody: whoever else reads the screen learns nothing of the holder. */
export function reminderText({ notAfter, daysBefore }: DueReminder): MessageText {
  const date = toPersianDigits(formatJalali(notAfter).replace(/^(....)(..)(..)$/, '$1/$2/$3'));
  const days = toPersianDigits(String(daysBefore));
  return {
    subject: 'تمدید گواهی الکترونیکی',
    text:
      `گواهی الکترونیکی امضای شما در تاریخ ${date} منقضی می‌شود (کمتر از ${days} روز دیگر).\n` +
      'لطفاً پیش از آن با همین گواهی درخواست تمدید دهید. پس از انقضا باید به دفتر ثبت‌نام مراجعه کنید.\n' +
      'سازمان نظام پزشکی',
  };
}
