import type { Route } from './route.ts';

/** Values by `KEY@LEVEL`, as the engine has loaded them. */
export type LoadedOptions = Readonly<Record<string, string>>;

/** What the engine shows of: device properties are not among it (engine: ConfigValues.java). */
const SHOWN = ['UserDefinedVMProperties', 'PredefinedVMProperties', 'UserDefinedNetworkCustomProperties'];

/**
 * `/options/NAME`.
 *
 * @param loaded asked at every request.
 */
export function optionRoutes(loaded: () => LoadedOptions | Promise<LoadedOptions>): Route[] {
  return [
    {
      method: 'GET',
      path: /^\/options\/(?<name>[^/]+)$/,
      async answer({ params: { name = '' }, query }) {
        const version = query.get('version');
        const values = Object.entries(await loaded()).flatMap(([row, value]) => {
          const [key, level = ''] = row.split('@');
          return key === name && (version === null || version === level) ? [{ value, version: level }] : [];
        });
        return !SHOWN.includes(name) || values.length === 0
          ? { status: 404 }
          : { json: { values: { system_option_value: values }, name, id: name } };
      },
    },
  ];
}
