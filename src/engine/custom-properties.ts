/** A custom property as a VM or a vNIC profile has it. */
export interface CustomProperty {
  readonly name: string;
  readonly value: string;
}

/** What shall become of one property: that value, or gone. Properties that no wish names are kept. */
export type PropertyWish = CustomProperty | { readonly name: string; readonly absent: true };

/** A difference between two lists; null where there is no such property. */
export interface PropertyDifference {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * What is wrong with a wish whatever the engine defines, or undefined. The engine keeps a list as `name=value;…` and has
 * no escape, so a semicolon would begin another property; an entry without a value is dropped
 * (engine: CustomPropertiesParser.java).
 */
export function wishFault(wish: PropertyWish): string | undefined {
  if (!/^[A-Za-z0-9_]+$/.test(wish.name)) {
    return `"${wish.name}" cannot be the name of a property`;
  }
  if ('absent' in wish) {
    return undefined;
  }
  if (wish.value === '') {
    return `the property ${wish.name} is given no value; --unset ${wish.name} takes it away`;
  }
  if (wish.value.includes(';')) {
    return `the value of ${wish.name} cannot hold a semicolon: the engine begins another property there`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(wish.value)
    ? `the value of ${wish.name} cannot hold a line break or another control character`
    : undefined;
}

/** Brings wishes into a list. What no wish names stays, in its order; new names come last. Of two of one name the last counts. */
export function mergeValues(
  list: readonly CustomProperty[],
  wishes: readonly PropertyWish[],
): readonly CustomProperty[] {
  const merged = new Map(list.map(({ name, value }) => [name, value]));
  for (const wish of wishes) {
    if ('absent' in wish) {
      merged.delete(wish.name);
    } else {
      merged.set(wish.name, wish.value);
    }
  }
  return [...merged].map(([name, value]) => ({ name, value }));
}

/** What differs between two lists, by name; order does not count. Empty where they mean the same. */
export function differencesOf(
  before: readonly CustomProperty[],
  after: readonly CustomProperty[],
): readonly PropertyDifference[] {
  const old = new Map(before.map(({ name, value }) => [name, value]));
  const now = new Map(after.map(({ name, value }) => [name, value]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .map(name => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }))
    .filter(difference => difference.before !== difference.after);
}
