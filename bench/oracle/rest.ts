import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** GETs JSON over kept-alive connections, by nothing but node:http. */
export const get = <T>(url: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const headers = { 'openai-beta': 'assistants=v2' };
    const request = http.get(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`GET ${url} returned ${response.statusCode}: ${text}`));
      });
    });
    request.on('error', reject);
  });
