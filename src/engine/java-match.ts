import { readJavaRegex } from './java-regex.ts';

/** An escape that means the same to Java and to JavaScript, of a value in ASCII. */
const ESCAPE = String.raw`\\(?:[dDwWsStnrf]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[!-/:-@[-\x60{-~ ])`;
/** A class without another within it, without `&&`, and without a `]` that comes first. */
const CLASS = String.raw`\[\^?(?:${ESCAPE}|(?!&&)[^\]\[\\^])(?:${ESCAPE}|(?!&&)[^\]\[\\])*\]`;
const GROUP = String.raw`\((?:\?(?:[:=!]|<[A-Za-z][A-Za-z0-9]*>))?`;
/** Greedy or reluctant; JavaScript has no possessive ones. */
const QUANTIFIER = String.raw`(?:[*+?]|\{\d+(?:,\d*)?\})\??(?![+*?{])`;
const PLAIN = String.raw`[^\\[\](){}*+?]`;

const COMMON = new RegExp(`^(?:${ESCAPE}|\\\\[bB]|${CLASS}|${GROUP}|\\)|${QUANTIFIER}|${PLAIN})*$`);

/**
 * Whether the whole of a value matches a Java regular expression, as `String.matches` would say, which is what the engine
 * asks (engine: CustomPropertiesUtils.java). Undefined where only Java itself can tell: the expression or the value has
 * something in it that JavaScript may take in another way.
 */
export function javaMatches(regex: string, value: string): boolean | undefined {
  const { fault, unchecked } = readJavaRegex(regex);
  const isAscii = (text: string) => /^[ -~]*$/.test(text);
  if (fault !== undefined || unchecked.length > 0 || !isAscii(regex + value) || !COMMON.test(regex)) {
    return undefined;
  }
  try {
    return new RegExp(`^(?:${regex})$`).test(value);
  } catch {
    return undefined;
  }
}
