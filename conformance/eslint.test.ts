import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const lint = new ESLint({ cwd: root, overrideConfigFile: fileURLToPath(new URL('eslint.config.js', import.meta.url)) });

test("graphql-eslint's recommended rules for schemas and its rules for Relay hold", async () => {
  const [result] = await lint.lintFiles(['schema.graphql']);
  expect(result?.messages.map(({ line, ruleId, message }) => `${line}: ${ruleId}: ${message}`)).toEqual([]);
});

test('the rules that are left out leave the important ones in', async () => {
  const config = await lint.calculateConfigForFile('schema.graphql');
  const inForce = Object.keys(config.rules).filter((rule) => config.rules[rule][0] === 2);
  expect(inForce).toEqual(
    expect.arrayContaining(
      ['relay-connection-types', 'relay-edge-types', 'relay-page-info', 'relay-arguments', 'require-description'].map(
        (rule) => `@graphql-eslint/${rule}`,
      ),
    ),
  );
});
