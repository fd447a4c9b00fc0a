import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
  type Scalar as YamlScalar,
} from 'yaml';
import type { Place, Problem } from '../core/input-error.ts';
import { type DataFile, type DataNode, type DictEntry, keyText, uniqueEntries } from './data-node.ts';
import { type PythonValue, UNSAFE_KEY, VAULT_KEY } from './python-value.ts';
import { readPlain, readTagged } from './yaml-scalar.ts';

const CORE_TAG = 'tag:yaml.org,2002:';
const VAULT_TAGS: readonly string[] = ['!vault', '!vault-encrypted'];
const UNSAFE_TAG = '!unsafe';

/**
 * Reads one YAML document with the meaning that Ansible's reader gives it: PyYAML's types, `!vault` and `!unsafe`, merge
 * keys (lib/ansible/parsing/yaml/constructor.py). Pure; `file` is only for the places.
 */
export function readYamlData(text: string, file: string): DataFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col };
  };
  const [first] = document.errors;
  if (first !== undefined) {
    return {
      root: undefined,
      problems: [yamlFault(placeAt(first.pos[0]), first.code, first.message)],
      warnings: [],
    };
  }
  const converter = new Converter(document, placeAt);
  const root = converter.convert(document.contents ?? undefined);
  const { problems, warnings } = converter;
  return { root: problems.length > 0 ? undefined : root, problems, warnings };
}

function yamlFault(place: Place, code: string, message: string): Problem {
  if (code === 'MULTIPLE_DOCS') {
    return { place, message: 'A second YAML document begins here', hint: 'Put everything into one document' };
  }
  const what = message.charAt(0).toLowerCase() + message.slice(1).replace(/[.\n]+$/, '');
  return {
    place,
    message: `Broken YAML: ${what}`,
    hint: 'Indent with blanks, and quote a value that holds one of [ ] { } # & * ! | > % @ ` or ": "',
  };
}

/** Its life is one document: an anchored part is converted once. */
class Converter {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #document: Document;
  readonly #placeAt: (offset: number) => Place;
  readonly #converted = new Map<Node, DataNode>();
  readonly #open = new Set<Node>();

  constructor(document: Document, placeAt: (offset: number) => Place) {
    this.#document = document;
    this.#placeAt = placeAt;
  }

  convert(node: Node | undefined): DataNode {
    const place = this.#placeOf(node);
    const target = isAlias(node) ? node.resolve(this.#document) : node;
    if (target === undefined) {
      if (isAlias(node)) {
        this.#report(
          place,
          `No anchor &${node.source} stands before *${node.source}`,
          'Quote text that begins with *',
        );
      }
      return { kind: 'scalar', value: null, text: '', place };
    }
    if (this.#open.has(target)) {
      this.#report(place, 'The value contains itself');
      return { kind: 'scalar', value: null, text: '', place };
    }
    const known = this.#converted.get(target);
    if (known !== undefined) {
      return known;
    }
    this.#open.add(target);
    const converted = this.#convertNode(target, this.#placeOf(target));
    this.#open.delete(target);
    this.#converted.set(target, converted);
    return converted;
  }

  #convertNode(node: Node, place: Place): DataNode {
    if (isScalar(node)) {
      return { kind: 'scalar', ...this.#scalar(node as YamlScalar<unknown>, place), place };
    }
    const tag = node.tag?.startsWith(CORE_TAG) ? node.tag.slice(CORE_TAG.length) : node.tag;
    if (isMap(node) && tag === 'set') {
      return { kind: 'scalar', value: { unprintable: 'a set' }, text: '', place };
    }
    if (tag !== undefined && tag !== (isMap(node) ? 'map' : 'seq')) {
      this.#report(place, `The tag ${shownTag(node.tag ?? '')} is not supported on a list or a mapping`);
    }
    if (isSeq(node)) {
      return {
        kind: 'list',
        items: node.items.map(item => this.convert(isNode(item) ? item : undefined)),
        place,
      };
    }
    return { kind: 'dict', entries: isMap(node) ? this.#uniqueEntries(node) : [], place };
  }

  #scalar(node: YamlScalar<unknown>, place: Place): { value: PythonValue; text: string } {
    const text = String(node.value ?? '');
    const { tag } = node;
    if (tag !== undefined && VAULT_TAGS.includes(tag)) {
      return { value: new Map([[VAULT_KEY, text]]), text };
    }
    if (tag === UNSAFE_TAG) {
      return { value: new Map([[UNSAFE_KEY, text]]), text };
    }
    const isPlain = node.type === 'PLAIN' && (tag === undefined || tag === '!');
    const value = isPlain
      ? readPlain(text)
      : tag === undefined || tag === '!'
        ? text
        : readTagged(tag.startsWith(CORE_TAG) ? tag.slice(CORE_TAG.length) : '', text);
    if (value === undefined) {
      const what = isPlain ? 'a date or a number' : `a value of the tag ${shownTag(tag ?? '')}`;
      this.#report(place, `"${text}" looks like ${what}, but is none`, 'Put text in quotes');
    }
    return { value: value ?? null, text: value === null ? '' : text };
  }

  #uniqueEntries(node: YAMLMap): readonly DictEntry[] {
    const own = new Set<string>();
    for (const { key } of node.items) {
      if (!isScalar(key) || isMergeKey(key)) {
        continue;
      }
      const text = String(key.value);
      if (own.has(text)) {
        this.warnings.push({
          place: this.#placeOf(key),
          message: `The key "${text}" stands twice: the last one counts, as in Ansible`,
          hint: 'Take one of the two out',
        });
      }
      own.add(text);
    }
    return uniqueEntries(this.#entries(node));
  }

  /** What is merged in comes first, so that what stands in the mapping itself wins. */
  #entries(node: YAMLMap): DictEntry[] {
    const merged: DictEntry[] = [];
    const own: DictEntry[] = [];
    for (const pair of node.items) {
      const key = isNode(pair.key) ? pair.key : undefined;
      const value = this.convert(isNode(pair.value) ? pair.value : undefined);
      if (isScalar(key) && isMergeKey(key)) {
        // Of several, the first is the strongest.
        const sources = value.kind === 'list' ? value.items.toReversed() : [value];
        merged.push(...sources.flatMap(source => this.#merge(source)));
      } else {
        own.push({ key: this.convert(key), value });
      }
    }
    return [...merged, ...own];
  }

  #merge(source: DataNode): readonly DictEntry[] {
    if (source.kind !== 'dict') {
      this.#report(source.place, 'A merge key << takes a mapping, or a list of mappings');
      return [];
    }
    return source.entries;
  }

  #placeOf(node: Node | undefined): Place {
    return this.#placeAt(node?.range?.[0] ?? 0);
  }

  #report(place: Place, message: string, hint?: string): void {
    this.problems.push({ place, message, ...(hint === undefined ? {} : { hint }) });
  }
}

function isMergeKey(key: YamlScalar<unknown>): boolean {
  return key.type === 'PLAIN' && key.value === '<<';
}

function shownTag(tag: string): string {
  return tag.startsWith(CORE_TAG) ? `!!${tag.slice(CORE_TAG.length)}` : tag;
}

/** The pair of a mapping with this key, if there is one. */
export function entryOf(node: DataNode, name: string): DictEntry | undefined {
  return node.kind === 'dict' ? node.entries.find(entry => keyText(entry) === name) : undefined;
}
