import {
  execute,
  type GraphQLError,
  type GraphQLResolveInfo,
  isListType,
  isNonNullType,
  getNullableType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { prepare } from '../../src/execution/prepared.ts';
import { type Random, randomFrom } from '../loaders/random.ts';
import { textOf } from '../support/pieces.ts';
import { leafNames, objectNames, schema, type World } from './schema.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const shapes = ['', 'Sure', 'List', 'SureList', 'ListSure', 'SureListSure'];

const ownTypeOf = (kind: string) => (kind === 'box' ? 'Box' : kind === 'bag' ? 'Bag' : undefined);

let aliases = 0;

/** An alias that no other field has: those of fragments must not conflict with others. */
const newAlias = () => {
  aliases += 1;
  return `a${aliases}: `;
};

/** Selections of some depth, with aliases, arguments, fragments, and conditions on variables and without. */
const selection = (random: Random, depth: number, fragments: string[], interfaceOnly = false): string => {
  const condition = () =>
    random.chance(0.15)
      ? ` @${random.pick(['skip', 'include'])}(if: ${random.pick(['$a', '$b', 'true', 'false'])})`
      : '';
  const alias = () => (random.chance(0.3) ? newAlias() : '');
  const member = (): string => {
    if (random.chance(0.1)) return `${alias()}__typename${condition()}`;
    if (interfaceOnly) {
      return random.chance(0.5) || depth === 0
        ? `text${condition()}`
        : `thing ${condition()} { ${selection(random, depth - 1, fragments, true)} }`;
    }
    if (random.chance(0.1)) return `${alias()}${random.pick(['shown', 'plain'])}`;
    if (depth > 0 && random.chance(0.3)) return ownMember(random, depth, fragments);
    if (random.chance(0.1)) {
      return `${newAlias()}noted${random.pick(['', '(note: "literal")', '(note: $note)', '(note: $note, times: 3)', '(note: null)'])}`;
    }
    if (depth === 0 || random.chance(0.6)) {
      return `${alias()}${random.pick(leafNames as [string])}${random.pick(shapes as [string])}${condition()}`;
    }
    const kind = random.pick(objectNames as [string]);
    const own = ownTypeOf(kind);
    const inner = own ? selection(random, depth - 1, fragments) : abstractSelection(random, kind, depth - 1, fragments);
    return `${newAlias()}${kind}${random.pick(shapes as [string])}${condition()} { ${inner} }`;
  };
  return Array.from({ length: 1 + random.below(5) }, member).join(' ');
};

const abstractSelection = (random: Random, kind: string, depth: number, fragments: string[]) => {
  const parts = ['__typename'];
  if (kind === 'thing') parts.push(selection(random, depth, fragments, true));
  for (const type of ['Box', 'Bag']) {
    if (random.chance(0.5)) parts.push(`... on ${type} { ${selection(random, depth, fragments)} }`);
    if (random.chance(0.3)) {
      const name = `F${fragments.length}`;
      fragments.push('');
      fragments[Number(name.slice(1))] = `fragment ${name} on ${type} { ${selection(random, depth, fragments)} }`;
      parts.push(`...${name}`);
    }
  }
  return parts.join(' ');
};

const ownShapes = ['own_*', 'own_*_sure', 'own_*_list', 'shown_*_list'] as const;
const ownKinds = ['box', 'bag', 'either', ...leafNames] as const;

/** A pure field; with others of that kind only, or among others. */
const ownMember = (random: Random, depth: number, fragments: string[]): string => {
  const kind = random.pick(ownKinds);
  const field = `o${random.below(1e6)}: ${random.pick(ownShapes).replace('*', kind)}`;
  if (leafNames.includes(kind)) return field;
  const inner = () =>
    depth > 1 && random.chance(0.7)
      ? Array.from({ length: 1 + random.below(3) }, () => ownMember(random, depth - 1, fragments)).join(' ')
      : selection(random, depth - 1, fragments);
  if (kind !== 'either') return `${field} { ${inner()} }`;
  return `${field} { ${random.chance(0.5) ? '__typename' : ''} ... on Box { ${inner()} } ... on Bag { ${inner()} } }`;
};

const documentFrom = (random: Random) => {
  const fragments: string[] = [];
  const body = selection(random, 3, fragments);
  const kind = random.chance(0.2) ? 'mutation' : 'query';
  // A variable that is not used would make the document invalid.
  const used = 'a: __typename @skip(if: $a) b: __typename @include(if: $b) c: noted(note: $note)';
  return `${kind} Generated($a: Boolean!, $b: Boolean = true, $note: String) { ${used} ${body} } ${fragments.join(' ')}`;
};

const long = 'so long that it is written in another way ';
const LONG = [long, `${long}"`, `${long}é`, `${long}\ud800`, long.repeat(300)] as const;

const good = (random: Random, kind: string): unknown => {
  switch (kind) {
    case 'text':
    case 'id':
      if (random.chance(0.1)) return random.pick(LONG);
      return random.pick<unknown>(['short', 'with "quotes"', 'a\\b\n\u0000', '\ud800 alone', '😀 é', 7, true, '']);
    case 'whole':
      return random.pick<unknown>([0, -5, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1.5, '12', true]);
    case 'number':
      return random.pick<unknown>([0, -0, 1.25, 1e21, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, '2.5']);
    case 'flag':
      return random.pick<unknown>([true, false, 1, 'no']);
    case 'shade':
      return random.pick<unknown>(['dark', 2, 'grey']);
    case 'whatever':
      return random.pick<unknown>([
        {},
        { a: 'b', 'with "quotes"': 'é\n' },
        { a: 'b', deep: { c: [1, 'd'] } },
        [],
        ['a'],
        'text',
        false,
      ]);
    case 'anything':
      return random.pick<unknown>([{ a: [1, null] }, 'text', 0, 'bad', 'nothing', false]);
    default: {
      const type = ownTypeOf(kind) ?? random.pick(['Box', 'Bag']);
      return {
        type,
        own: random.pick([null, 'own', 3]),
        plain: random.pick<unknown>(['plain', () => 'called', null]),
        ...own(random),
      };
    }
  }
};

/** Members for pure fields. */
const own = (random: Random, depth = 2): Record<string, unknown> => {
  const members: Record<string, unknown> = {};
  if (depth === 0) return members;
  for (const kind of ownKinds) {
    if (random.chance(0.3)) continue;
    const one = (): unknown => {
      if (random.chance(0.03)) return random.pick<unknown>([null, 'throw', new Error('an error as a value'), 5]);
      if (leafNames.includes(kind)) return good(random, kind);
      const type = ownTypeOf(kind) ?? (random.chance(0.03) ? 'Neither' : random.pick(['Box', 'Bag']));
      return { type, own: 'own', ...own(random, depth - 1) };
    };
    members[kind] = one();
    members[`${kind}_list`] = random.chance(0.05) ? 5 : Array.from({ length: random.below(3) }, one);
  }
  return members;
};
const item = (random: Random, kind: string, mayBeLate: boolean): unknown => {
  const value = random.chance(0.06)
    ? null
    : random.chance(0.03)
      ? new Error('an error as a value')
      : good(random, kind);
  if (!mayBeLate || !random.chance(0.3)) return value;
  return random.chance(0.15) ? later(random, () => Promise.reject(new Error('late'))) : later(random, () => value);
};

/** Values that now and then are late, missing, wrong or thrown: by the seed and the place alone. */
const worldOf = (seedOfWorld: number, late: boolean): World => {
  return {
    valueAt: (info: GraphQLResolveInfo, kind) => {
      const random = randomFrom(hash(seedOfWorld, info));
      if (random.chance(0.03)) throw new Error('thrown');
      const type = getNullableType(info.returnType);
      if (!isListType(type)) return item(random, kind, late);
      if (random.chance(0.05)) return random.pick<unknown>([null, 'no list', 5]);
      // If one item makes its list null at once, graphql-js leaves the rejections of others unhandled: so all of them are late.
      const allLate = late && isNonNullType(type.ofType);
      const items = Array.from({ length: random.below(4) }, () =>
        allLate ? later(random, () => item(random, kind, true)) : item(random, kind, late),
      );
      return random.chance(0.1) ? new Set(items) : late && random.chance(0.3) ? later(random, () => items) : items;
    },
  };
};

const later = async (random: Random, value: () => unknown) => {
  for (let turns = random.below(5); turns > 0; turns -= 1) await Promise.resolve();
  return value();
};

const hash = (start: number, { path }: GraphQLResolveInfo) => {
  let sum = start;
  for (let at: typeof path | undefined = path; at; at = at.prev) {
    for (const character of String(at.key)) sum = (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
    sum = Math.imul(sum, 2_654_435_761) >>> 0;
  }
  return sum;
};

const jsonOf = (errors: readonly GraphQLError[]) => JSON.stringify(errors);

const compare = async (count: number, late: boolean) => {
  const random = randomFrom(seed + (late ? 1 : 0));
  let failures = 0;
  for (let index = 0; index < count; index += 1) {
    const text = documentFrom(random);
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    const prepared = prepare(schema, document, undefined);
    // The second time with other variables, so that what is cached of the first is tried too.
    for (const variables of [
      { a: random.chance(0.5), note: 'n' },
      { a: random.chance(0.5), b: false },
    ]) {
      const world = worldOf(random.below(1e9), late);
      const expected = await execute({ schema, document, variableValues: variables, contextValue: world });
      const result = await prepared?.(variables, world);
      const errors = jsonOf(expected.errors ?? []);
      const wanted = { data: JSON.stringify(expected.data), errors: late ? errors !== '[]' : errors };
      const ownErrors = jsonOf(result?.errors ?? []);
      const got = {
        data: JSON.stringify(JSON.parse(result ? textOf(result.data) : '"not executed"')),
        errors: late ? ownErrors !== '[]' : ownErrors,
      };
      if (got.data !== wanted.data || got.errors !== wanted.errors) {
        expect({ seed, index, text, variables, ...got }).toEqual({ seed, index, text, variables, ...wanted });
      }
      if (errors !== '[]') failures += 1;
    }
  }
  return failures;
};

describe(`Generated operations have the outcome that graphql-js gives them (SEED=${seed})`, () => {
  test('with values that are there at once: the same errors too, in the same order', async () => {
    expect(await compare(2000, false)).toBeGreaterThan(300);
  }, 60_000);

  test('with values of which some come later', async () => {
    expect(await compare(2000, true)).toBeGreaterThan(300);
  }, 60_000);
});

describe('A result of megabytes is whole if it is made of', () => {
  test.each<[string, string, unknown]>([
    ['short strings', 'textList', 'short'],
    ['long strings', 'textList', long],
    ['strings that are no ASCII', 'textList', `${long}é`],
    ['numbers', 'numberList', 0.1234567890123456],
    ['enum values', 'shadeList', 'dark'],
    ['maps', 'whateverList', { key: `${long}"`, [`${long}é`]: 'short' }],
    ['any JSON', 'whateverList', [{ nested: [long] }]],
    ['objects', 'boxList { shown own_text }', { own: long, text: 'é' }],
  ])('%s', async (_, selected, value) => {
    const document = parse(`{ ${selected} }`);
    const world: World = { valueAt: () => Array.from({ length: 50_000 }, () => value) };
    const expected = await execute({ schema, document, contextValue: world });
    const result = await prepare(schema, document, undefined)?.({}, world);
    expect(result?.errors).toEqual([]);
    expect(textOf(result?.data ?? []) === JSON.stringify(expected.data)).toBe(true);
  });
});
