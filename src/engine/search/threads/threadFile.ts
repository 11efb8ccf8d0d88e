/**
 * The built file of a thread, which is next to the built server. Code that runs from its sources, as tests do, takes the latest
 * build: a thread cannot load TypeScript.
 */
export const threadFile = (name: 'extraction' | 'indexWriter' | 'indexReader', moduleUrl = import.meta.url): URL =>
  new URL(moduleUrl.endsWith('.ts') ? `../../../../dist/${name}.js` : `./${name}.js`, moduleUrl);
