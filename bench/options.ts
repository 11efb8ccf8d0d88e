import { parseArgs } from 'node:util';
import { assistantsGraphql } from './subjects/assistants-graphql.ts';
import { type Subject } from './subjects/subject.ts';
import { atCommit } from './subjects/earlier.ts';
import { operated } from './subjects/operated.ts';
import { executors, subjects } from './subjects/all.ts';
import { type Work, works } from './works.ts';

export interface Options {
  readonly quick: boolean;
  /** Counts differences instead of measuring. */
  readonly differences: boolean;
  /** Measures runs through a model, and nothing else. */
  readonly runs: boolean;
  readonly subjects: readonly Subject[];
  readonly works: readonly Work[];
  /** Whether nothing is left out, so that the result may be published. */
  readonly complete: boolean;
}

const names = (all: readonly Subject[]) => all.map(({ name }) => name).join(', ');

const help = `npm run bench                        everything, in about 25 minutes; renews the results and their document
npm run bench -- --quick             a first look, in two minutes
npm run bench -- --only NAME,NAME    some of them next to the program by hand: ${names(subjects)}
npm run bench -- --executors         this server with each executor: ${names(executors)}
npm run bench -- --against COMMIT    this server, also with authentication and metrics, and the one of another commit
npm run bench -- --runs              runs through a model, in half a minute; renews their part of the results
npm run bench -- --differences      on how many generated operations an executor differs from graphql-js
npm run bench -- --works WORK,WORK   some of the works: ${works.join(', ')}`;

interface Values {
  readonly executors?: boolean;
  readonly against?: string;
  readonly only?: string;
}

/** What the command line asks for; undefined if it asks for help, which is then printed. Throws for what it cannot mean. */
export const readOptions = (args: string[]): Options | undefined => {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean' },
      only: { type: 'string' },
      executors: { type: 'boolean' },
      against: { type: 'string' },
      differences: { type: 'boolean' },
      works: { type: 'string' },
      runs: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(`${help}\n`);
    return undefined;
  }
  const { against } = values;
  const partial = [values.only, values.works, values.executors, against].some((value) => value !== undefined);
  return {
    quick: values.quick === true,
    differences: values.differences === true,
    runs: values.runs === true,
    subjects: compared(values),
    works: worksIn(values.works),
    complete: values.quick !== true && !partial,
  };
};

const compared = ({ executors: withExecutors, against, only }: Values): readonly Subject[] => {
  const [oracle] = subjects;
  if (oracle === undefined || (withExecutors !== true && against === undefined)) return some(only?.split(','));
  return [oracle, assistantsGraphql, ...(against === undefined ? executors : [operated, atCommit(against)])];
};

const some = (chosen: string[] | undefined): readonly Subject[] => {
  if (chosen === undefined) return subjects;
  const unknown = chosen.find((name) => subjects.every((subject) => subject.name !== name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown} to measure.\n${help}`);
  return subjects.filter(({ name }, place) => place === 0 || chosen.includes(name));
};

const worksIn = (list: string | undefined): readonly Work[] => {
  if (list === undefined) return works;
  const unknown = list.split(',').find((name) => works.every((work) => work !== name));
  if (unknown !== undefined) throw new Error(`There is no work named ${unknown}.\n${help}`);
  return works.filter((work) => list.split(',').includes(work));
};
