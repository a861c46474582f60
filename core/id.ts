declare const brand: unique symbol;

/** A string that is an id of one kind only; `ApplicationId` cannot be passed where an `OfficerId` is due. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };
