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
  'relying-parties.no-key': 'هنوز کلیدی ندارد',
  'relying-parties.register': 'ثبت سامانه',
  'relying-parties.register-title': 'ثبت سامانه‌ای که بتواند امضا بخواهد',
  'relying-parties.name': 'نامی که دارنده می‌بیند',
  'relying-parties.name-hint': 'روی تلفن کسی می‌آید که از او امضا خواسته شده است. تا ۸۰ نویسه.',
  'relying-parties.patient': 'بیمار روی تلفن',
  'relying-parties.patient-hint': 'پوشیده، مگر آنکه دارنده برای امضا باید نام کامل را ببیند.',
  'relying-parties.callbacks': 'نشانی‌های بازخوانی',
  'relying-parties.callbacks-hint':
    'هر کدام در یک سطر، کامل و با https. سامانهٔ صدور تنها همین‌ها را از امضا باخبر می‌کند. تا ۱۰ نشانی.',
  'relying-parties.id': 'شناسه (client_id)',
  'relying-parties.id-hint':
    'سامانه خود را با آن می‌شناساند. حروف کوچک لاتین، رقم و خط تیره، مانند his-tehran. پس از ثبت تغییر نمی‌کند.',
  'relying-parties.id-wrong': 'با حرف کوچک لاتین آغاز شود و سپس حرف، رقم یا خط تیره بیاید؛ ۲ تا ۴۰ نویسه.',
  'relying-party.facts': 'آنچه از آن می‌دانیم',
  'relying-party.registered': 'ثبت',
  'relying-party.disabled-at': 'غیرفعال شدن',
  'relying-party.no-callbacks': 'ندارد: سامانه خود می‌پرسد که امضا شده است یا نه.',
  'relying-party.credentials': 'کلیدها و گواهی‌ها',
  'relying-party.no-key-text':
    'سامانهٔ بی‌کلید نمی‌تواند چیزی بخواهد. کلید را گردانندگان آن سامانه می‌سازند و نیمهٔ عمومی را برای شما می‌فرستند؛ نیمهٔ محرمانه نزد خودشان می‌ماند.',
  'relying-party.kind-jwk': 'کلید عمومی',
  'relying-party.kind-certificate': 'گواهی برای TLS دوسویه',
  'relying-party.added': 'افزوده‌شده در {at}',
  'relying-party.until': 'معتبر تا {at}',
  'relying-party.add': 'افزودن کلید',
  'relying-party.add-title': 'افزودن کلید یا گواهی {name}',
  'relying-party.key': 'کلید عمومی (JWK) یا گواهی (PEM)',
  'relying-party.key-hint':
    'آنچه گردانندگان سامانه فرستاده‌اند را بچسبانید: JWK با P-256، P-384، Ed25519 یا RSA از ۲۰۴۸ بیت به بالا، یا گواهی PEM. از هر نوع دست‌بالا دو تا.',
  'relying-party.key-secret':
    'این کلید محرمانه است و فرستاده نشد. آن را پاک کنید، به گردانندگان سامانه بگویید کلید دیگری بسازند و تنها نیمهٔ عمومی را بخواهید.',
  'relying-party.key-unreadable': 'این نه JWK است و نه گواهی PEM. همهٔ آن را بچسبانید.',
  'relying-party.remove': 'حذف',
  'relying-party.remove-title': 'این کلید {name} حذف شود؟',
  'relying-party.remove-text':
    'از همین دم و برای همیشه پذیرفته نمی‌شود و سامانه باید با کلید دیگری دوباره وارد شود.',
  'relying-party.change': 'تغییر',
  'relying-party.change-title': 'تغییر آنچه از {name} می‌دانیم',
  'relying-party.save': 'ذخیره',
  'relying-party.disable': 'غیرفعال کردن',
  'relying-party.disable-title': 'دیگر چیزی از {name} پذیرفته نشود؟',
  'relying-party.disable-text':
    'از همین دم، با هر کلیدی، پذیرفته نمی‌شود. آنچه امضا شده است امضاشده می‌ماند. می‌توانید دوباره فعالش کنید.',
  'relying-party.enable': 'فعال کردن',
  'relying-party.enable-title': 'درخواست‌های {name} دوباره پذیرفته شود؟',
  'relying-party.enable-text': 'دوباره می‌تواند با کلیدهایی که اینجا هست از دارندگان امضا بخواهد.',
  'patient-view.masked': 'تلفن نام بیمار را پوشیده نشان می‌دهد',
  'patient-view.whole': 'تلفن بیمار را کامل نشان می‌دهد',
};
