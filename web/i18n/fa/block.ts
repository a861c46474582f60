import type { block as english } from '../en/block.ts';

export const block: Record<keyof typeof english, string> = {
  'block.title': 'مسدود کردن کارت یا تلفن همراه',
  'block.lead':
    'گم شده، دزدیده شده، یا کسی رمز آن را می‌داند؟ همین حالا مسدودش کنید، در هر ساعتی. ظرف چند ثانیه دیگر کسی نمی‌تواند با آن امضا کند.',
};
