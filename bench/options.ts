import { parseArgs } from 'node:util';
import { type Subject } from './subjects/subject.ts';
import { subjects } from './subjects/all.ts';

export interface Options {
  readonly quick: boolean;
  readonly subjects: readonly Subject[];
}

const help = `npm run bench                        everything, in about 25 minutes; renews the results and their document
npm run bench -- --quick             a first look, in two minutes
npm run bench -- --only NAME,NAME    some of them beside the one by hand: ${subjects.map(({ name }) => name).join(', ')}`;

/** What the command line asks for; undefined when it asked for help, which has then been given. Throws for what it cannot mean. */
export const readOptions = (args: string[]): Options | undefined => {
  const { values } = parseArgs({
    args,
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(`${help}\n`);
    return undefined;
  }
  return {
    quick: values.quick === true,
    subjects: values.only === undefined ? subjects : some(values.only.split(',')),
  };
};

const some = (names: string[]): Subject[] => {
  const unknown = names.find((name) => subjects.every((subject) => subject.name !== name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown} to measure.\n${help}`);
  return subjects.filter(({ name }, place) => place === 0 || names.includes(name));
};
