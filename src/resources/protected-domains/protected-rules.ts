import {
  DENIED_PERMISSIONS,
  DOMAIN_ACTION,
  HOST_SUSPEND,
  LIBVIRT_ACTION,
  READ_ONLY_ACTIONS,
} from '../../catalog/domain-permissions.ts';

/**
 * The text of polkit's rules file: the first rule denies whatever stops one of the domains, whoever asks; the second one
 * grants all else to the groups, since with access control on nobody but root may do anything otherwise. polkit takes the
 * first answer (polkit(8)). In ECMAScript 5, since polkitd may have Duktape for an engine, and in ASCII.
 *
 * @param domains names and UUIDs; the latter are looked for among both.
 * @param groups those that may use libvirt; none where the site grants what it likes by rules of its own.
 * @throws {SyntaxError} where the text is no JavaScript: with such a file polkitd knows none of its rules, and everybody
 * but root is locked out.
 */
export function protectionRules(domains: readonly string[], groups: readonly string[]): string {
  const text = `${HEAD}${denial(domains)}${groups.length > 0 ? grant(groups) : ''}`;
  assertParses(text);
  return text;
}

/** @throws {SyntaxError} */
export function assertParses(text: string): void {
  // Never called: the parser alone is wanted.
  new Function(text);
}

const HEAD = `// Written by hookfleet: an edit is undone by its next run.
`;

function denial(domains: readonly string[]): string {
  return `polkit.addRule(function (action, subject) {
    var domains = ${literals(domains)};
    var denied = ${literals(DENIED_PERMISSIONS)};
    var prefix = ${literal(DOMAIN_ACTION)};
    if (action.id === ${literal(HOST_SUSPEND)}) {
        return polkit.Result.NO;
    }
    if (action.id.indexOf(prefix) !== 0 || denied.indexOf(action.id.substring(prefix.length)) < 0) {
        return polkit.Result.NOT_HANDLED;
    }
    if (domains.indexOf(action.lookup("domain_name")) >= 0 || domains.indexOf(action.lookup("domain_uuid")) >= 0) {
        return polkit.Result.NO;
    }
    return polkit.Result.NOT_HANDLED;
});
`;
}

function grant(groups: readonly string[]): string {
  return `polkit.addRule(function (action, subject) {
    var groups = ${literals(groups)};
    var readOnly = ${literals(READ_ONLY_ACTIONS)};
    if (action.id.indexOf(${literal(LIBVIRT_ACTION)}) !== 0) {
        return polkit.Result.NOT_HANDLED;
    }
    if (readOnly.indexOf(action.id) >= 0) {
        return polkit.Result.YES;
    }
    for (var i = 0; i < groups.length; i++) {
        if (subject.isInGroup(groups[i])) {
            return polkit.Result.YES;
        }
    }
    return polkit.Result.NOT_HANDLED;
});
`;
}

function literals(values: readonly string[]): string {
  return values.length === 0 ? '[]' : `[\n        ${values.map(literal).join(',\n        ')}\n    ]`;
}

/** JSON is JavaScript but for U+2028 and U+2029; neither stands here as itself, nor does anything else beyond ASCII. */
function literal(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
