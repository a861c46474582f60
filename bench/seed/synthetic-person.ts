import type { ApplicantInput } from '../../ra/applicant-input.ts';
import { syntheticNationalId } from '../../core/national-id.ts';

/** Names in both scripts; by the square of a random number the first ones are borne by many, as in life. */
const GIVEN_NAMES = [
  'محمد Mohammad|علی Ali|فاطمه Fatemeh|زهرا Zahra|حسین Hossein|مریم Maryam|رضا Reza|مهدی Mahdi|سارا Sara|امیر Amir',
  'شیرین Shirin|آرش Arash|نسرین Nasrin|بهرام Bahram|پریسا Parisa|کاوه Kaveh|مینا Mina|سهراب Sohrab|لیلا Leila|فرهاد Farhad',
  'نرگس Narges|پیمان Peyman|سیاوش Siavash|مهشید Mahshid|بابک Babak|هومن Hooman|شهره Shohreh|کیانوش Kianoush|ژاله Jaleh|پژمان Pejman',
].flatMap((line) => line.split('|').map((pair) => pair.split(' ')));

const ROOTS = [
  'محمد Mohammad|احمد Ahmad|رضا Reza|کریم Karim|رحیم Rahim|حسن Hasan|جعفر Jafar|موسی Mousa|صادق Sadegh|باقر Bagher',
  'فرهاد Farhad|بهرام Bahram|جمشید Jamshid|کیان Kian|مهر Mehr|پور Pour|شریف Sharif|نجف Najaf|قاسم Ghasem|یوسف Yousef',
  'اصفهان Esfahan|تبریز Tabriz|شیراز Shiraz|کاشان Kashan|گیلان Gilan|زنجان Zanjan|همدان Hamedan|کرمان Kerman|یزد Yazd|قزوین Ghazvin',
  'طهماسب Tahmasb|خسرو Khosrow|داراب Darab|اردشیر Ardeshir|شاپور Shapour|گودرز Goudarz|منوچهر Manouchehr|بیژن Bijan|رستم Rostam|سام Sam',
].flatMap((line) => line.split('|').map((pair) => pair.split(' ')));

const ENDINGS = [
  'ی i',
  '‌زاده zadeh',
  '‌پور pour',
  '‌نیا nia',
  'یان ian',
  '‌فر far',
  '‌نژاد nejad',
  '‌منش manesh',
].map((pair) => pair.split(' '));

/** The same person for the same number (0 ≤ seed < 999,999): a physician whom nobody is, by name as frequent as names are. */
export function syntheticPerson(seed: number): ApplicantInput {
  const random = fractions(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() ** 2 * items.length)];
  const [givenName, latinGiven] = pick(GIVEN_NAMES);
  const [[root, latinRoot], [ending, latinEnding]] = [pick(ROOTS), pick(ENDINGS)];
  const [surname, latinSurname] = [`${root}${ending}`, `${latinRoot}${latinEnding}`];
  // Every third has a double name, as many do.
  const [second, latinSecond] = seed % 3 === 0 ? pick(ROOTS) : [];
  return {
    nationalId: syntheticNationalId(seed),
    givenName,
    surname: second ? `${surname} ${second}` : surname,
    latinName: `${latinGiven} ${latinSurname}${latinSecond ? ` ${latinSecond}` : ''}`,
    councilNumber: { group: 'physician', digits: String(seed + 1) },
  };
}

/** The same numbers for the same seed: mulberry32 by Tommy Ettinger, in the public domain. */
function fractions(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
