import type { LoadedOptions } from './options.ts';

/** The list of a body, as the engine reads it: joined by `;`, and taken apart again. */
export function listOf(body: unknown): readonly (readonly [string, string])[] {
  const { custom_properties: list = {} } = (body ?? {}) as {
    custom_properties?: { custom_property?: readonly { name: string; value?: string }[] };
  };
  const text = (list.custom_property ?? [])
    .filter(({ value }) => value !== undefined)
    .map(({ name, value }) => `${name}=${value};`)
    .join('');
  return text
    .split(';')
    .filter(one => one.includes('='))
    .map(one => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const);
}

/** What the engine has against the properties of a VM of that level. */
export function refusal(
  properties: readonly (readonly [string, string])[],
  loaded: LoadedOptions,
  level: string,
): string | undefined {
  const definitions = new Map(
    ['PredefinedVMProperties', 'UserDefinedVMProperties'].flatMap(key =>
      (loaded[`${key}@${level}`] ?? '')
        .split(';')
        .filter(one => one !== '')
        .map(one => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const),
    ),
  );
  return judge(properties, definitions, 'Cannot edit VM.');
}

/** As CustomPropertiesUtils.java words it. */
export function judge(
  properties: readonly (readonly [string, string])[],
  definitions: ReadonlyMap<string, string>,
  head: string,
): string | undefined {
  const unknown = properties.filter(([name]) => !definitions.has(name)).map(([name]) => name);
  if (unknown.length > 0) {
    return `${head} The following custom properties are not configured by the system. The keys are: ${unknown.join(', ')}`;
  }
  const illegal = properties.filter(
    ([name, value]) => !new RegExp(`^(?:${definitions.get(name)})$`).test(value),
  );
  return illegal.length === 0
    ? undefined
    : `${head} The following custom properties have illegal values: ${illegal.map(([name]) => name).join(', ')}. Please check the values.`;
}
