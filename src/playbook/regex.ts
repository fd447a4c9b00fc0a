/** All definitions of a level are one argument of engine-config, and Linux lets an argument have 128 KiB. */
const LONGEST = 10_000;

/**
 * What is plainly wrong with a property's regular expression, or undefined. The engine's grammar has no escape for a
 * semicolon, which ends the expression (VmPropertiesUtils.java). The expression itself is Java's, so it is not
 * compiled here: only brackets that do not match are found.
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
  return bracketFault(regex);
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

/** Quoted text (\Q…\E), an escaped character, the start of a character class, or any other character. */
const TOKEN = /\\Q.*?(?:\\E|$)|\\.|\[\^?|./gsu;

function bracketFault(regex: string): string | undefined {
  if (/\(\?[a-z]*x/i.test(regex)) {
    return undefined; // with comments in it, brackets need not match
  }
  let groups = 0;
  // Java nests character classes; each knows whether it holds something, as a ] that comes first is an ordinary character.
  const classes: boolean[] = [];
  for (const [token] of regex.matchAll(TOKEN)) {
    if (token === '\\') {
      return 'the regular expression ends with a lone backslash';
    }
    if (token.startsWith('[')) {
      classes.push(false);
    } else if (classes.length > 0) {
      const closes = token === ']' && classes.at(-1) === true;
      if (closes) {
        classes.pop();
      }
      if (classes.length > 0) {
        classes[classes.length - 1] = true;
      }
    } else if (token === '(') {
      groups += 1;
    } else if (token === ')') {
      groups -= 1;
      if (groups < 0) {
        return 'the regular expression closes a parenthesis that it does not open';
      }
    }
  }
  if (classes.length > 0) {
    return 'the regular expression does not close a bracket [';
  }
  return groups > 0 ? 'the regular expression does not close a parenthesis (' : undefined;
}
