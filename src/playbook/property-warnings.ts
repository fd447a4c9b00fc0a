import type { Catalog } from '../catalog/hooks.ts';
import type { Problem } from '../core/input-error.ts';
import { readJavaRegex } from '../engine/java-regex.ts';
import { entriesOf, isMapping, itemsOf } from './raw.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

/** What is allowed in the properties of a document, and yet may not be meant: in the order of the document. */
export function propertyWarnings(source: YamlSource, catalog: Catalog): Problem[] {
  const regexesOf = (kind: Kind, name: string) => catalogueRegexes(catalog, kind, name);
  return itemsOf(source.value).flatMap((play, index) => {
    const wanted = isMapping(play) ? play.engine_properties : undefined;
    if (!isMapping(wanted)) {
      return [];
    }
    const path = [index, 'engine_properties'];
    return [
      ...ruleWarnings(wanted.vm, [...path, 'vm'], name => regexesOf('vm', name), source),
      ...entriesOf(wanted.device).flatMap(([type, rules]) =>
        ruleWarnings(rules, [...path, 'device', type], name => regexesOf({ type }, name), source),
      ),
      ...ruleWarnings(wanted.network, [...path, 'network'], name => regexesOf('network', name), source),
    ];
  });
}

interface OfHook {
  readonly hook: string;
  readonly regex: string;
}

function ruleWarnings(
  rules: unknown,
  path: Path,
  ofHooks: (name: string) => readonly OfHook[],
  source: YamlSource,
): Problem[] {
  return entriesOf(rules).flatMap(([name, regex]) => {
    if (typeof regex !== 'string') {
      return [];
    }
    const place = source.place([...path, name]);
    const { unchecked } = readJavaRegex(regex);
    return [
      ...ofHooks(name)
        .filter(known => withoutAnchors(known.regex) !== withoutAnchors(regex))
        .map(known => ({
          place,
          message: `the hook ${known.hook} reads the property ${name} with another expression: ${known.regex}`,
          hint: 'A value that only one of the two allows is refused by the engine, or not understood by the hook.',
        })),
      ...(unchecked.length === 0
        ? []
        : [
            {
              place,
              message: `only Java can judge a part of this expression: ${unchecked.join(', ')}`,
              hint: 'engine-config stores it unseen; try the property on a VM that can spare a failed start.',
            },
          ]),
    ];
  });
}

type Kind = 'vm' | 'network' | { readonly type: string };

function catalogueRegexes(catalog: Catalog, kind: Kind, name: string): OfHook[] {
  return catalog.hooks.flatMap(({ name: hook, properties }) => {
    const rules = typeof kind === 'string' ? properties[kind] : (properties.device[kind.type] ?? {});
    const regex = Object.hasOwn(rules, name) ? rules[name] : undefined;
    return regex === undefined ? [] : [{ hook, regex }];
  });
}

/** The engine matches the whole of a value, so anchors make no difference (String.matches). */
function withoutAnchors(regex: string): string {
  return regex.replace(/^\^/, '').replace(/\$$/, '');
}
