/** An XML document as lines that can be compared, or why it is none. */
export type XmlRead =
  | { readonly root: string; readonly lines: readonly string[] }
  | { readonly fault: string; readonly line: number };

const NAME = '[A-Za-z_:\\u0080-\\uffff][\\w:.\\u0080-\\uffff-]*';
const TAG = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"]*"|'[^']*'))*)\\s*(/?)>`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const END_TAG = new RegExp(`</(${NAME})\\s*>`, 'y');
const COMMENT = /<!--([\s\S]*?)-->/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const DECLARATION = /<\?xml\s[\s\S]*?\?>/y;
const INSTRUCTION = /<\?(?!xml\s)([\s\S]*?)\?>/iy;
const DOCTYPE = /<!DOCTYPE\s[^[\]>]*(?:\[[^\]]*\]\s*)?>/y;
const TEXT = /[^<]+/y;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface Open {
  readonly name: string;
  readonly line: number;
  /** The prefixes that are bound here. */
  readonly prefixes: ReadonlySet<string>;
  /** Where its start tag stands among the lines; a text alone is put behind it. */
  readonly at: number;
}

/** Elements within each other beyond this many are refused by libxml2 too. */
const DEEPEST = 256;

class Fault extends Error {}

/**
 * Reads an XML document and writes it down again with an element a line, attributes by name, blanks around text left out: so
 * that only what means something differs between two of them. As strict as expat and libxml2 where hooks go wrong: tags that
 * do not match, a bare `&` or `<`, an attribute twice, text outside of the root, characters that XML does not have.
 *
 * @param namespaces whether a prefix that is not bound is a fault: it is to Python (VDSM), and none to libvirt.
 */
export function readXml(text: string, namespaces = true): XmlRead {
  const reader = new Reader(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'), namespaces);
  try {
    return reader.read();
  } catch (error) {
    if (error instanceof Fault) {
      return { fault: error.message, line: reader.line() };
    }
    throw error;
  }
}

class Reader {
  private readonly text: string;
  private readonly namespaces: boolean;
  private readonly lines: string[] = [];
  private readonly open: Open[] = [];
  private root: string | undefined;
  private at = 0;
  private counted = 0;
  private lineNumber = 1;

  constructor(text: string, namespaces: boolean) {
    this.text = text;
    this.namespaces = namespaces;
  }

  /** That of the place that is being read; it is only asked for ever later ones. */
  line(): number {
    for (let i = this.counted; i < this.at; i += 1) {
      this.lineNumber += this.text[i] === '\n' ? 1 : 0;
    }
    this.counted = Math.max(this.counted, this.at);
    return this.lineNumber;
  }

  read(): XmlRead {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    const strange = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.exec(this.text);
    if (strange) {
      this.at = strange.index;
      throw new Fault(`a character that XML does not have (code ${strange[0].charCodeAt(0)})`);
    }
    while (this.at < this.text.length) {
      this.step();
    }
    const last = this.open.at(-1);
    if (last) {
      throw new Fault(`<${last.name}> of line ${last.line} has no end`);
    }
    if (this.root === undefined) {
      throw new Fault('there is no element in it');
    }
    return { root: this.root, lines: this.lines };
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text) ?? undefined;
  }

  private step(): void {
    const found = (pattern: RegExp) => this.take(pattern);
    const declaration = this.at === 0 ? found(DECLARATION) : undefined;
    const other = declaration ?? found(INSTRUCTION) ?? (this.root === undefined ? found(DOCTYPE) : undefined);
    const comment = other ? undefined : found(COMMENT);
    const cdata = (other ?? comment) ? undefined : found(CDATA);
    const tag = found(TAG);
    const end = found(END_TAG);
    const text = found(TEXT);
    if (other) {
      this.at += other[0].length;
    } else if (comment) {
      this.addComment(comment[1] ?? '');
      this.at += comment[0].length;
    } else if (cdata) {
      this.addText(cdata[1] ?? '');
      this.at += cdata[0].length;
    } else if (tag) {
      this.start(tag);
      this.at += tag[0].length;
    } else if (end) {
      this.end(end[1] ?? '');
      this.at += end[0].length;
    } else if (text) {
      if (text[0].includes(']]>')) {
        throw new Fault('"]]>" in text');
      }
      this.addText(decode(text[0]));
      this.at += text[0].length;
    } else {
      throw new Fault(
        `what begins here is no tag: ${JSON.stringify(this.text.slice(this.at, this.at + 30))}`,
      );
    }
  }

  private start([, name = '', attributes = '', alone]: RegExpExecArray): void {
    if (this.root !== undefined && this.open.length === 0) {
      throw new Fault(`<${name}> behind the end of <${this.root}>: there may be one root alone`);
    }
    if (this.open.length >= DEEPEST) {
      throw new Fault(`more than ${DEEPEST} elements within each other`);
    }
    const pairs = [...attributes.matchAll(ATTRIBUTE)].map(([, key = '', double, single]) => {
      const value = double ?? single ?? '';
      if (value.includes('<')) {
        throw new Fault(`a bare "<" in the attribute ${key} of <${name}>`);
      }
      return [key, decode(value)] as const;
    });
    const keys = pairs.map(([key]) => key);
    const twice = keys.find((key, i) => keys.indexOf(key) !== i);
    if (twice !== undefined) {
      throw new Fault(`<${name}> has the attribute ${twice} twice`);
    }
    const declared = keys.flatMap(key => (key.startsWith('xmlns:') ? [key.slice('xmlns:'.length)] : []));
    const prefixes = new Set([...(this.open.at(-1)?.prefixes ?? ['xml', 'xmlns']), ...declared]);
    const unbound = [name, ...keys].find(one => one.includes(':') && !prefixes.has(one.split(':')[0] ?? ''));
    if (this.namespaces && unbound !== undefined) {
      throw new Fault(`the prefix of ${unbound} is not declared (xmlns:${unbound.split(':')[0]})`);
    }
    const shown = pairs
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ` ${key}="${encode(value)}"`);
    this.root ??= name;
    this.add(`<${name}${shown.join('')}${alone}>`);
    if (alone === '') {
      this.open.push({ name, prefixes, line: this.line(), at: this.lines.length - 1 });
    }
  }

  private end(name: string): void {
    const open = this.open.pop();
    if (open?.name !== name) {
      throw new Fault(
        open
          ? `</${name}> ends <${open.name}> of line ${open.line}`
          : `</${name}> ends nothing: no element is open`,
      );
    }
    const below = this.lines.length - open.at - 1;
    const tag = this.lines[open.at] ?? '';
    const last = this.lines.at(-1)?.trimStart() ?? '';
    if (below === 0) {
      this.lines[open.at] = tag.replace(/>$/, '/>');
    } else if (below === 1 && !last.startsWith('<')) {
      this.lines.pop();
      this.lines[open.at] = `${tag}${last}</${name}>`;
    } else {
      this.add(`</${name}>`);
    }
  }

  private add(line: string): void {
    this.lines.push(`${'  '.repeat(this.open.length)}${line}`);
  }

  private addComment(text: string): void {
    if (text.includes('--') || text.endsWith('-')) {
      throw new Fault('"--" in a comment');
    }
    for (const line of `<!--${text}-->`.split('\n')) {
      this.add(line.trim());
    }
  }

  private addText(text: string): void {
    const lines = text.split('\n').map(line => line.trim());
    const told = lines.filter(line => line !== '');
    if (told.length > 0 && this.open.length === 0) {
      throw new Fault(`text outside of the root element: ${JSON.stringify(told[0]?.slice(0, 30))}`);
    }
    for (const line of told) {
      this.add(encode(line));
    }
  }
}

function decode(text: string): string {
  return text.replaceAll(/&(?:#(\d+);|#x([0-9A-Fa-f]+);|(\w+);)?/g, (all, decimal, hexadecimal, name) => {
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    const letter = isCharacter(code) ? String.fromCodePoint(code) : ENTITIES[name];
    if (letter === undefined) {
      throw new Fault(
        all === '&' ? 'a bare "&"; it is written &amp;' : `an entity that XML does not know: ${all}`,
      );
    }
    return letter;
  });
}

function isCharacter(code: number): boolean {
  return [9, 10, 13].includes(code) || (code >= 32 && code < 0xd800) || (code >= 0xe000 && code <= 0x10ffff);
}

function encode(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
