import type { activation as english } from '../en/activation.ts';

export const activation: Record<keyof typeof english, string> = {
  'delivery.label': 'کلید و گواهی چگونه به هم می‌رسد',
  'delivery.request': 'متقاضی درخواست امضای گواهی آورده است',
  'delivery.card': 'کارت هوشمند در دفتر کلید را می‌سازد',
  'delivery.phone': 'تلفن همراه متقاضی پس از تأیید کلید را می‌سازد',
  'delivery.phone-hint':
    'اکنون درخواست امضای گواهی لازم نیست. پس از ثبت، شمارهٔ تلفن همراه متقاضی را وارد کنید؛ کد فعال‌سازی به آن فرستاده می‌شود.',
  'activation.title': 'فعال‌سازی',
  'activation.card':
    'درخواست تأیید شد. دارندهٔ گواهی کارت هوشمند را در دفتر با کدی فعال می‌کند که به شمارهٔ او فرستاده شده است؛ سپس گواهی صادر می‌شود.',
  'activation.phone':
    'درخواست تأیید شد. گواهی هنگامی صادر می‌شود که کلید همراه با دو چیز فعال شود: کدی که به شمارهٔ دارندهٔ گواهی فرستاده شده است و رازی که این‌جا به او نشان می‌دهید.',
  'activation.code-by': 'کد فعال‌سازی',
  'activation.code-sms': 'پیامک شد',
  'activation.code-letter': 'در نامه چاپ شد',
  'activation.code-none': 'هنوز ساخته نشده است؛ شمارهٔ تلفن همراه معلوم نبود',
  'activation.tries': 'تلاش‌های باقی‌مانده',
  'activation.until': 'معتبر تا',
  'activation.waiting': 'در انتظار دارندهٔ گواهی',
  'activation.dead': 'پنج تلاش نادرست؛ کد تازه بسازید',
  'activation.expired': 'مهلت آن گذشت؛ کد تازه بسازید',
  'activation.void': 'فعال‌سازی تازه‌ای جای آن را گرفته است',
  'activation.used': 'به کار رفت؛ گواهی در حال صدور است',
  'activation.renew-code': 'ارسال کد تازه',
  'activation.renew-letter': 'کد برای نامه',
  'activation.renew-desk-secret': 'نمایش راز تلفن همراه',
  'activation.code-sent': 'کد تازه فرستاده می‌شود؛ کد پیشین دیگر کار نمی‌کند.',
  'activation.secret-title': 'فقط همین حالا نمایش داده می‌شود',
  'activation.secret-text':
    'بگذارید تلفن همراه دارندهٔ گواهی آن را بخواند یا آن‌جا بنویسید. یک بار نمایش داده می‌شود و راز تازه، آن را باطل می‌کند.',
  'activation.letter-text':
    'آن را در نامهٔ دربسته بنویسید. یک بار نمایش داده می‌شود و کد تازه، آن را باطل می‌کند.',
  'activation.code': 'کدی که دارندهٔ گواهی می‌گوید',
  'activation.code-hint': 'هشت رقم، از پیامک یا نامهٔ او',
  'activation.secret': 'راز تلفن همراه',
  'activation.secret-hint': 'همان که این‌جا نمایش داده شد',
  'activation.request-hint': 'درخواست امضای گواهی (PKCS#10) که تلفن همراه ساخته است',
  'activation.activate': 'فعال‌سازی و صدور',
  'problem.activation-refused':
    'کد، راز یا درخواست امضای گواهی درست نیست و یک تلاش از دست رفت. آن‌ها را با دارندهٔ گواهی مقایسه کنید یا کد تازه بفرستید.',
  'problem.activation-state':
    'این فعال‌سازی دیگر به کار نمی‌رود. وضعیت آن را ببینید و اگر نوشته است، کد تازه بسازید.',
  'problem.activation-unknown': 'این درخواست فعال‌سازی ندارد. وضعیت آن را ببینید.',
  'problem.activations-too-many':
    'برای این درخواست ده بار فعال‌سازی ساخته شده است. بخواهید رد شود و درخواست تازه‌ای ثبت کنید.',
  'problem.contact-missing':
    'شمارهٔ تلفن همراه دارندهٔ گواهی معلوم نیست. کارشناس ثبت‌نام آن را در صفحهٔ درخواست ثبت کند؛ سپس دوباره تلاش کنید.',
  'problem.delivery-mismatch': 'این نوع گواهی با این روش جور نیست. روش دیگر را انتخاب کنید.',
  'problem.certification-request-missing':
    'درخواست امضای گواهی نیامده است. فایل آن را انتخاب کنید یا متن را بچسبانید.',
  'problem.certification-request-unexpected':
    'تلفن همراه کلید را بعداً می‌سازد: بدون درخواست امضای گواهی ثبت کنید یا روش دیگر را انتخاب کنید.',
};
