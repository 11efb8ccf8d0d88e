import { type Gateway, startSupergraph } from './supergraph.ts';
import { ask, crossing, runStory } from './story.ts';

const gateways: Gateway[] = ['apollo', 'hive'];
const gateway = gateways.find((name) => name === process.argv[2]);
if (gateway === undefined) throw new Error(`Name the gateway: ${gateways.join(' or ')}.`);

const supergraph = await startSupergraph({ gateway, port: Number(process.env['PORT'] ?? 4000) });
const { assistants, users } = supergraph.subgraphs;
await runStory(supergraph.url);

process.stdout.write(`assistants  ${assistants} (for its router only)
users       ${users}
supergraph  ${supergraph.url}

${crossing}

${JSON.stringify(await ask(supergraph.url, crossing), null, 2)}

Ctrl-C ends all of it.
`);

const end = () => void supergraph.stop().then(() => process.exit(0));
process.on('SIGINT', end).on('SIGTERM', end);
