import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cacheExchange, Client, fetchExchange, Provider } from 'urql';
import '../../screen.css';
import { App } from './App.tsx';

const client = new Client({
  url: '/graphql',
  exchanges: [cacheExchange, fetchExchange],
  // As server-sent events, over plain HTTP.
  fetchSubscriptions: true,
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');

createRoot(root).render(
  <StrictMode>
    <Provider value={client}>
      <App />
    </Provider>
  </StrictMode>,
);
