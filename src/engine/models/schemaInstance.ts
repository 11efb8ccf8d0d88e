type Schema = Record<string, unknown>;

/** Limits for schemas that contain themselves or require very many items. */
const maxDepth = 16;
const maxValues = 1000;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const numberOr = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/** The schema that a `$ref` such as `#/$defs/city` names. */
const referenced = (root: Schema, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<unknown>((within, key) => (isSchema(within) ? within[key] : undefined), root);

const smallestNumber = ({ minimum, exclusiveMinimum, maximum }: Schema): number =>
  Math.min(numberOr(minimum, numberOr(exclusiveMinimum, -1) + 1), numberOr(maximum, Number.MAX_VALUE));

type Maker = (schema: Schema, make: (schema: unknown) => unknown) => unknown;

/** By the name of the type. */
const makers = new Map<string, Maker>([
  ['null', () => null],
  ['boolean', () => false],
  ['string', ({ minLength }) => '-'.repeat(Math.min(numberOr(minLength, 0), maxValues))],
  ['number', smallestNumber],
  ['integer', (schema) => Math.ceil(smallestNumber(schema))],
  [
    'array',
    ({ items, minItems }, make) =>
      Array.from({ length: Math.min(numberOr(minItems, 0), maxValues) }, () => make(items)),
  ],
  [
    'object',
    ({ properties, required }, make) => {
      const known = new Map(Object.entries(isSchema(properties) ? properties : {}));
      const names = Array.isArray(required) ? required.map(String) : [];
      return Object.fromEntries(names.map((name) => [name, make(known.get(name))]));
    },
  ],
]);

/**
 * The smallest value that a JSON Schema allows, as far as it is defined by type, `const`, `enum`, `default`, `required`,
 * `minItems`, `minLength`, `minimum`, `maximum`, `anyOf`, `oneOf`, `allOf` and local `$ref`s. Patterns and formats are ignored.
 */
export const instanceOf = (root: Schema): unknown => {
  let made = 0;
  const make = (schema: unknown, depth: number): unknown => {
    made += 1;
    if (!isSchema(schema) || depth > maxDepth || made > maxValues) return null;
    const { $ref: reference, enum: values, type, anyOf, oneOf, allOf } = schema;
    if ('const' in schema) return schema['const'];
    if ('default' in schema) return schema['default'];
    if (Array.isArray(values)) return values[0];
    if (typeof reference === 'string') return make(referenced(root, reference), depth + 1);
    const [choice] = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
    if (choice !== undefined) return make(choice, depth + 1);
    if (Array.isArray(allOf)) return make(Object.assign({}, schema, { allOf: undefined }, ...allOf), depth + 1);
    const named = Array.isArray(type) ? type[0] : (type ?? ('properties' in schema ? 'object' : 'null'));
    return makers.get(String(named))?.(schema, (inner) => make(inner, depth + 1)) ?? null;
  };
  // A schema without a type stands for an object.
  return make({ type: 'object', ...root }, 0);
};
