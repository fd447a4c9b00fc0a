import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';

/** The way to a value from the document's root: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[];

/** Where an item of a mapping or a list was written; an item of a list has no key. */
export interface Origin {
  readonly key?: Node;
  readonly value: Node | undefined;
}

/** A YAML document as plain values that still know their nodes. */
export interface YamlTree {
  /** Mappings as objects without a prototype, lists as arrays, aliases and merge keys resolved. */
  readonly value: unknown;
  originOf(path: Path): Origin | undefined;
  /** The node that an alias stands for; any other node itself. */
  resolve(node: Node | undefined): Node | undefined;
}

/** What the tree calls with a fault that YAML itself allows, or that its parser does not look for. */
export type Report = (node: Node, message: string, hint?: string) => void;

type Mapping = Record<string, unknown>;
type Origins = Map<string | number, Origin>;

/** Turns a parsed document into plain values. An anchored part is converted once, so aliases of aliases cost nothing. */
export function convertTree(document: Document, report: Report): YamlTree {
  const converted = new Map<Node, unknown>();
  const originsOf = new Map<unknown, Origins>();

  function resolve(node: Node | undefined): Node | undefined {
    return isAlias(node) ? node.resolve(document) : node;
  }

  function convert(node: Node | undefined): unknown {
    const target = resolve(node);
    if (isAlias(node) && target === undefined) {
      report(
        node,
        `no anchor &${node.source} stands before the alias *${node.source}`,
        'Quote text that begins with *.',
      );
    }
    if (target === undefined || converted.has(target)) {
      return target === undefined ? null : converted.get(target);
    }
    if (isSeq(target)) {
      return convertList(target, target.items);
    }
    return isMap(target) ? convertMapping(target) : convertScalar(target);
  }

  function convertScalar(node: Node): unknown {
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'object' && value !== null) {
      report(node, `a playbook has no YAML tags: ${node.tag ?? 'unknown tag'}`);
      return null;
    }
    return value;
  }

  function convertList(node: Node, items: readonly unknown[]): unknown[] {
    const list: unknown[] = [];
    const origins: Origins = new Map();
    converted.set(node, list);
    originsOf.set(list, origins);
    for (const [index, item] of items.entries()) {
      const value = isNode(item) ? item : undefined;
      origins.set(index, { value });
      list.push(convert(value));
    }
    return list;
  }

  function convertMapping(node: YAMLMap): Mapping {
    const mapping: Mapping = Object.create(null);
    const origins: Origins = new Map();
    const merges: Node[] = [];
    converted.set(node, mapping);
    originsOf.set(mapping, origins);
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const origin = { ...(isNode(key) ? { key } : {}), value: isNode(value) ? value : undefined };
      if (isScalar(key) && key.type === 'PLAIN' && name === '<<' && origin.value) {
        merges.push(origin.value);
      } else if (isScalar(key) && (origins.has(name) || name === '__proto__')) {
        report(
          key,
          name === '__proto__' ? 'no key may be called __proto__' : `the key "${name}" stands twice`,
        );
      } else {
        origins.set(name, origin);
        mapping[name] = convert(origin.value);
      }
    }
    for (const merge of merges) {
      mergeInto(mapping, origins, merge);
    }
    return mapping;
  }

  /** What stands in the mapping itself wins over what is merged, and an earlier merge over a later one. */
  function mergeInto(mapping: Mapping, origins: Origins, merge: Node): void {
    const merged = convert(merge);
    for (const source of Array.isArray(merged) ? merged : [merged]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        report(merge, 'a merge key << takes a mapping, or a list of mappings');
        return;
      }
      for (const [name, origin] of originsOf.get(source) ?? []) {
        if (!origins.has(name)) {
          origins.set(name, origin);
          mapping[String(name)] = (source as Mapping)[name];
        }
      }
    }
  }

  const value = convert(document.contents ?? undefined);
  return {
    value,
    resolve,
    originOf: path => {
      let [container, origin]: [unknown, Origin | undefined] = [value, undefined];
      for (const step of path) {
        origin = originsOf.get(container)?.get(step);
        container = origin && (container as Record<string | number, unknown>)[step];
      }
      return origin;
    },
  };
}
