import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the graph is served. The page asks its own origin, and Vite passes it on. */
const proxy = { '/graphql': process.env['GRAPHQL_SERVER'] ?? 'http://127.0.0.1:4000' };

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
});
