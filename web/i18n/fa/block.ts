import type { block as english } from '../en/block.ts';

export const block: Record<keyof typeof english, string> = {
  'block.title': 'مسدود کردن کارت یا تلفن همراه',
  'block.lead':
    'گم شده، دزدیده شده، یا کسی رمز آن را می‌داند؟ همین حالا مسدودش کنید، در هر ساعتی. ظرف چند ثانیه دیگر کسی نمی‌تواند با آن امضا کند.',
  'block.what': 'چه چیزی مسدود شود؟',
  'block.what-all': 'هر چه دارم',
  'block.what-card': 'کارت هوشمند من',
  'block.what-phone': 'کلید همراه من',
  'block.proof': 'هویت خود را چگونه ثابت می‌کنید؟',
  'block.by-code': 'با کد پیامکی',
  'block.by-password': 'با رمز ابطال',
  'block.password': 'رمز ابطال',
  'block.password-hint': 'آن را در دفتر ثبت‌نام برگزیده‌اید.',
  'block.code': 'کد پیامک‌شده',
  'block.code-hint': 'شش رقم',
  'block.send-code': 'ارسال کد',
  'block.code-sent':
    'اگر این شخص در سامانه باشد، کدی به تلفن همراه او فرستاده می‌شود. شاید یک دقیقه طول بکشد.',
  'block.final': 'ابطال برای همیشه: دیگر پیدا نمی‌شود، یا کلید آن افشا شده است',
  'block.final-hint': 'در غیر این صورت تعلیق می‌شود و اگر تا هفت روز در دفتری رفع تعلیق نشود، باطل می‌شود.',
  'block.action': 'همین حالا مسدود شود',
  'block.done-title': 'مسدود شد.',
  'block.done-held': 'تعلیق‌شده: {count}. اگر پیدا شد، تا هفت روز به دفتری مراجعه کنید.',
  'block.done-revoked': 'باطل‌شده: {count}. برای گواهی تازه به دفتری مراجعه کنید.',
  'block.done-nothing': 'گواهی معتبری از این نوع ندارید؛ چیزی برای مسدود کردن نبود.',
  'block.home': 'ورود همکاران دفترها',
};
