import { settings } from './config.ts';

const defaultOf = (fallback: string) => (fallback === '' ? 'unset' : fallback);

/** The settings for `--help`, two lines each. */
export const helpTable = (): string =>
  Object.values(settings)
    .map(({ name, unit, fallback, description }) => {
      const heading = `  ${name.padEnd(24)}${unit}, default ${defaultOf(fallback)}`;
      return `${heading}\n${' '.repeat(26)}${description.replaceAll('`', "'")}`;
    })
    .join('\n');

/** The settings for the README, as a table in Markdown. */
export const markdownTable = (): string =>
  [
    ['variable', 'unit', 'default', 'meaning'],
    ['---', '---', '---', '---'],
    ...Object.values(settings).map(({ name, unit, fallback, description }) => [
      `\`${name}\``,
      unit,
      defaultOf(fallback),
      description.replaceAll('*', '\\*'),
    ]),
  ]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
