import { afterAll } from 'vitest';
import { killServers } from './server.ts';

// Loaded for each file of tests, and before it: what is registered first is run last.
afterAll(killServers);
