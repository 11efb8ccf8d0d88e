#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The code is TypeScript, and is run as it is. A tsconfig.json of the folder that this is run from says nothing about it.
register({ tsconfig: false });
await import('../src/server.ts');
