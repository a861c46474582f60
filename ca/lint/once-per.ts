/** What has been computed of each object, by the slots of those who compute: one weak entry per object, not one per fact. */
const facts = new WeakMap<object, unknown[]>();
let slots = 0;

/**
 * Makes a function that computes its result once for each object, and keeps it as long as the object lives: dozens of rules
 * ask the same things of a certificate. The object must not change afterwards.
 */
export function oncePer<Subject extends object, Fact extends object | string>(
  compute: (subject: Subject) => Fact,
): (subject: Subject) => Fact {
  const slot = slots;
  slots += 1;
  return (subject) => {
    let known = facts.get(subject);
    if (!known) {
      known = [];
      facts.set(subject, known);
    }
    return (known[slot] ??= compute(subject)) as Fact;
  };
}
