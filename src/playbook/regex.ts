import { readJavaRegex } from '../engine/java-regex.ts';

/** All definitions of a level are one argument of engine-config, and Linux lets an argument have 128 KiB. */
const LONGEST = 10_000;

/**
 * What is plainly wrong with a property's regular expression, or undefined. The engine's grammar has no escape for a
 * semicolon, which ends the expression (VmPropertiesUtils.java). engine-config stores an expression that Java cannot
 * compile without a word, and the engine fails when somebody uses the property: so it is read here by Java's grammar.
 */
export function regexFault(regex: string): string | undefined {
  if (regex === '') {
    return 'the regular expression is empty';
  }
  if (regex.length > LONGEST) {
    return `a regular expression of ${regex.length} characters is longer than ${LONGEST}`;
  }
  if (regex.includes(';')) {
    return 'a regular expression cannot hold a semicolon: the engine ends it there';
  }
  if (/[\r\n\u0085\u2028\u2029]/.test(regex)) {
    return 'a regular expression cannot hold a line break';
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(regex)) {
    return 'a regular expression cannot hold a control character';
  }
  return readJavaRegex(regex).fault;
}

/** As {@link regexFault}, for the property of a device: there the engine reads a new group after two closing braces. */
export function deviceRegexFault(regex: string): string | undefined {
  return /\}\}\s*\{type=/.test(regex)
    ? 'a regular expression cannot hold "}}{type=": the engine reads another device type there'
    : regexFault(regex);
}

/**
 * As {@link regexFault}, for the property of a network: engine-config takes its pairs apart at every equals sign
 * (CustomPropertiesValueHelper.java).
 */
export function networkRegexFault(regex: string): string | undefined {
  return regex.includes('=')
    ? "a network property's regular expression cannot hold =, which engine-config refuses: write \\x3d for it"
    : regexFault(regex);
}
