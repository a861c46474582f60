import { beginReads, endReads, noteReads } from './reads.ts';

/** Where facts stand of an object that keeps them itself. */
export const FACTS = Symbol('facts');

/** By the slots of those who compute: a fact, and behind it the parts that were read for it. */
export type Facts = unknown[];

/** What has been computed of each other object: one weak entry per object, not one per fact. */
const factsByObject = new WeakMap<object, Facts>();
let slots = 0;

/**
 * Makes a function that computes its result once for each object, and keeps it as long as the object lives: dozens of rules
 * ask the same things of a certificate. The object must not change afterwards. Who asks has read what was read for the result.
 */
export function oncePer<Subject extends object, Fact extends object | string>(
  compute: (subject: Subject) => Fact,
): (subject: Subject) => Fact {
  const slot = slots;
  slots += 2;
  return (subject) => {
    const known = factsOf(subject);
    if (known[slot] === undefined) {
      const outer = beginReads();
      try {
        known[slot] = compute(subject);
      } finally {
        known[slot + 1] = endReads(outer);
      }
    }
    noteReads(known[slot + 1] as number);
    return known[slot] as Fact;
  };
}

/** The facts that hold of another object which differs in these parts only. Texts alone: an object may read on in its own. */
export function factsWithout(facts: Facts, parts: number): Facts {
  const kept: Facts = [];
  for (let slot = 0; slot < facts.length; slot += 2) {
    if (typeof facts[slot] !== 'string' || ((facts[slot + 1] as number) & parts) !== 0) continue;
    kept[slot] = facts[slot];
    kept[slot + 1] = facts[slot + 1];
  }
  return kept;
}

function factsOf(subject: object & { [FACTS]?: Facts }): Facts {
  let known = subject[FACTS] ?? factsByObject.get(subject);
  if (!known) {
    known = [];
    factsByObject.set(subject, known);
  }
  return known;
}
