import type { relyingParties as english } from '../en/relying-parties.ts';

export const relyingParties: Record<keyof typeof english, string> = {
  'nav.relying-parties': 'طرف‌های اعتمادکننده',
  'relying-parties.title': 'طرف‌های اعتمادکننده',
  'relying-parties.lead': 'سامانه‌های نسخه و بیمه‌گرانی که می‌توانند از دارندگان روی تلفن امضا بخواهند.',
  'relying-parties.list': 'سامانه‌های ثبت‌شده',
  'relying-parties.none': 'هنوز سامانه‌ای ثبت نشده است.',
  'relying-parties.disabled': 'غیرفعال',
  'relying-parties.digests': 'چکیده‌های خود سامانه',
  'relying-parties.digests-of': '{name}: چکیده‌های خود سامانه',
  'relying-parties.digests-title': '{name} بتواند چکیده‌های خود را برای امضا بدهد؟',
  'relying-parties.digests-text':
    'دارندگان آن‌ها را بی‌آنکه سندی ببینند امضا می‌کنند: تنها این سامانه می‌داند چکیده از چیست. از این پس هر چکیده‌ای که تنها بفرستد چنین به شمار می‌آید.',
  'relying-parties.digests-allow': 'اجازه دادن',
  'relying-parties.digests-end-title': 'دیگر از {name} چکیده پذیرفته نشود؟',
  'relying-parties.digests-end-text':
    'چکیده‌هایش دوباره از آنِ سندها به شمار می‌آید. آنچه امضا شده است امضاشده می‌ماند.',
  'relying-parties.digests-end': 'پایان دادن',
  'patient-view.masked': 'تلفن نام بیمار را پوشیده نشان می‌دهد',
  'patient-view.whole': 'تلفن بیمار را کامل نشان می‌دهد',
};
