import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { settings } from '../../src/cli/config.ts';

const folder = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));
const models = { Deployment, Service, PodDisruptionBudget, Ingress };
const modules = {
  Deployment: 'apps/v1/Deployment',
  Service: 'v1/Service',
  PodDisruptionBudget: 'policy/v1/PodDisruptionBudget',
  Ingress: 'networking.k8s.io/v1/Ingress',
};
type Kind = keyof typeof models;

const parsed = readdirSync(folder).flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')));
const documents = parsed.map((document) => document.toJS());
const one = (kind: Kind) => structuredClone(documents.find((document) => document.kind === kind));

test('each manifest is valid by the JSON schema of its kind, which finds mistakes in it', () => {
  expect(parsed.flatMap(({ errors }) => errors)).toEqual([]);
  expect(new Set(documents.map(({ kind }) => kind))).toEqual(new Set(Object.keys(models)));
  for (const kind of Object.keys(models) as Kind[]) new models[kind](one(kind)).validate();

  const deployment = one('Deployment');
  deployment.spec.replicas = 'three';
  expect(() => new Deployment(deployment).validate()).toThrow(/replicas/);
  const service = one('Service');
  delete service.spec.ports[0].port;
  expect(() => new Service(service).validate()).toThrow(/port/);
});

/** What the compiler says against objects of the types of their kinds. Unlike the schemas, these have no unknown fields. */
const compiled = async (objects: readonly { kind: Kind }[]): Promise<string> => {
  const place = mkdtempSync(join(folder, '../../test/deploy/checked-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const lines = objects.map(
    (object, index) =>
      `export const object${index}: import('kubernetes-models/${modules[object.kind]}').I${object.kind} = ${JSON.stringify(object)};`,
  );
  writeFileSync(join(place, 'manifests.ts'), lines.join('\n'));
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
  const compile = promisify(execFile)('npx', ['tsc', '--ignoreConfig', ...options, join(place, 'manifests.ts')]);
  return compile.then(({ stdout }) => stdout).catch(({ stdout }: { stdout: string }) => stdout);
};

test('no manifest has a field that Kubernetes does not know', async () => {
  expect(await compiled(documents)).toBe('');
  const misspelt = one('Deployment');
  misspelt.spec.template.spec.containers[0].readynessProbe = {};
  expect(await compiled([misspelt])).toMatch(/readynessProbe\W+ does not exist/);
});

test('all manifests mean the same pods, by names of ports and secrets that exist', () => {
  const { spec } = one('Deployment');
  const { labels } = spec.template.metadata;
  const [container] = spec.template.spec.containers;
  expect(spec.selector.matchLabels).toEqual(labels);
  expect(one('Service').spec.selector).toEqual(labels);
  expect(one('PodDisruptionBudget').spec.selector.matchLabels).toEqual(labels);

  const port = container.ports[0].name;
  expect(one('Service').spec.ports).toMatchObject([{ targetPort: port }]);
  for (const probe of ['startupProbe', 'livenessProbe'])
    expect(container[probe].httpGet).toEqual({ path: '/health', port });
  expect(container.readinessProbe.httpGet).toEqual({ path: '/ready', port });
  const paths = one('Ingress').spec.rules[0].http.paths;
  expect(paths.map(({ path }: { path: string }) => path)).toEqual(['/graphql', '/v1', '/openai']);
  for (const { backend } of paths) {
    expect(backend.service).toEqual({ name: 'assistants-graphql', port: { name: one('Service').spec.ports[0].name } });
  }

  const guide = readFileSync(join(folder, '../../docs/scale.md'), 'utf8');
  for (const { valueFrom } of container.env) {
    if (valueFrom === undefined) continue;
    expect(valueFrom.secretKeyRef.name).toBe('assistants-graphql');
    expect(guide).toContain(`--from-literal=${valueFrom.secretKeyRef.key}=`);
  }
});

test('pods have settings of the server only, keep no secret in the manifest, and are bound to no client', () => {
  const { spec } = one('Deployment').spec.template;
  const [{ env }] = spec.containers;
  const known = new Set<string>(Object.values(settings).map(({ name }) => name));
  expect(env.filter(({ name }: { name: string }) => !known.has(name))).toEqual([{ name: 'TMPDIR', value: '/data' }]);
  const secret = new Set<string>(Object.values(settings).flatMap((each) => ('secret' in each ? [each.name] : [])));
  expect(
    env.filter(({ name, value }: { name: string; value?: string }) => secret.has(name) && value !== undefined),
  ).toEqual([]);
  expect(one('Service').spec.sessionAffinity).toBe('None');
  expect(JSON.stringify(one('Ingress'))).not.toMatch(/affinity|sticky/i);
});

test('a pod has the time to stop that the server needs', () => {
  const { spec } = one('Deployment').spec.template;
  const [{ lifecycle }] = spec.containers;
  const [, seconds] = lifecycle.preStop.exec.command;
  // The server takes 8 seconds at most.
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(seconds) + 8 + 2);
});
