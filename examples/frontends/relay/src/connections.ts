import { ConnectionHandler } from 'relay-runtime';

// The lists of this screen as the store names them, for those who add to them. Each takes the global id of what has the list.

export const messagesOf = (thread: string) =>
  ConnectionHandler.getConnectionID(thread, 'Messages_messages', { order: 'ASC' });

export const runsOf = (thread: string) => ConnectionHandler.getConnectionID(thread, 'Runs_runs');

export const stepsOf = (run: string) => ConnectionHandler.getConnectionID(run, 'Run_steps');
