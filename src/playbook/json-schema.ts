import { z } from 'zod';
import { HOOKS } from '../catalog/hooks.ts';
import { KEY_NOTES } from './key-notes.ts';
import { playbookSchema } from './schema.ts';

/** JSON Schema, as far as it is used here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/**
 * The playbook's schema in the form that editors read (JSON Schema 2020-12): keys with what they mean, the words that a
 * value may be, the hooks of the catalogue. It says what a single value may be; rules between values are the
 * program's own, so a playbook that an editor finds good may still be refused.
 */
export function playbookJsonSchema(): JsonSchema {
  const schema: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(playbookSchema, { io: 'input' })));
  return { title: 'hookfleet playbook', ...withNotes(schema, '') };
}

/** Puts the notes at their keys: `vdsm_hooks.name` is the key `name` of an item of a play's `vdsm_hooks`. */
function withNotes(schema: JsonSchema, path: string): JsonSchema {
  const { properties, items, anyOf, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => {
          const below = path === '' ? key : `${path}.${key}`;
          return [key, { ...described(below), ...withNotes(value, below) }];
        }),
      ),
    }),
    ...(items && { items: withNotes(path === 'vdsm_hooks' ? withHooks(items) : items, path) }),
    ...(anyOf && { anyOf: anyOf.map(one => withNotes(one, path)) }),
  };
}

function described(path: string): { description?: string } {
  const note = KEY_NOTES[path];
  return note === undefined ? {} : { description: note.meaning };
}

/** What an editor offers where the name of a hook may stand. */
function withHooks(item: JsonSchema): JsonSchema {
  const known = HOOKS.filter(({ status }) => status === 'current').map(({ name }) => name);
  return { ...item, anyOf: [{ enum: known }, ...(item.anyOf ?? [])] };
}
