import { HOOK_POINTS } from '../catalog/events.ts';

/** A script that VDSM's build installs: from a file beside the Makefile.am to `hooks/<event>/<name>`. */
export interface Installed {
  readonly file: string;
  readonly event: string;
  readonly name: string;
}

/**
 * The scripts that a Makefile.am below vdsm_hooks installs into event folders, as its rules name them (`$(INSTALL_SCRIPT)
 * $(srcdir)/FILE $(DESTDIR)$(vdsmhooksdir)/EVENT/NAME`). Names from other variables are left out.
 */
export function installedScripts(makefile: string): Installed[] {
  const events = new Set(HOOK_POINTS.map(point => point.name));
  return makefile
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .flatMap(line => {
      const words = line.trim().split(/\s+/);
      const source = /^\$\(srcdir\)\/([\w.-]+)$/.exec(words.at(-2) ?? '')?.[1];
      const target = /^\$\(DESTDIR\)\$\(vdsmhooksdir\)\/(\w+)\/([\w.-]+)$/.exec(words.at(-1) ?? '');
      const [event, name] = [target?.[1] ?? '', target?.[2] ?? ''];
      return source !== undefined && events.has(event) && words[0] === '$(INSTALL_SCRIPT)'
        ? [{ file: source, event, name }]
        : [];
    });
}
