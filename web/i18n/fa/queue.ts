import type { queue as english } from '../en/queue.ts';

export const queue: Record<keyof typeof english, string> = {
  'queue.title': 'کارتابل',
  'queue.lead-clerk': 'درخواست‌های دفتر شما، از تازه به کهنه.',
  'queue.lead-approver': 'درخواست‌هایی که در انتظار تأیید شماست، از تازه به کهنه.',
  'queue.filter': 'نمایش بر پایهٔ وضعیت',
  'queue.all': 'همهٔ ثبت‌شده‌ها',
  'queue.search': 'جست‌وجو در کارتابل',
  'queue.search-hint': 'نام، کد ملی یا شمارهٔ نظام پزشکی',
  'queue.empty': 'چیزی در انتظار نیست.',
  'queue.empty-search': 'برای «{text}» چیزی یافت نشد. املا را بررسی کنید یا با کد ملی جست‌وجو کنید.',
  'queue.registers': 'استعلام‌ها',
  'queue.registers-match': 'همه مطابق',
  'queue.registers-differ': 'مغایرت',
  'queue.registers-silent': 'بی‌پاسخ',
  'queue.registers-none': 'استعلام‌نشده',
  'queue.table': 'درخواست‌ها',
  'queue.unnamed': 'هنوز بی‌نام',
};
