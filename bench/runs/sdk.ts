import OpenAI from 'openai';
import { microseconds, sentAt } from './clock.ts';
import { drive } from './drive.ts';

/** The program by hand: the official SDK streams completions from the model at MODEL_URL. It is asked for a round as `runs,at a time`. */
const openai = new OpenAI({ baseURL: process.env['MODEL_URL'], apiKey: 'none', maxRetries: 0 });

const completion = async () => {
  const started = microseconds();
  const stream = await openai.chat.completions.create({
    model: 'bench',
    messages: [{ role: 'user', content: 'What is the capital of France?' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  let first: { sent: number; received: number } | undefined;
  let isFinished = false;
  for await (const { choices } of stream) {
    const [choice] = choices;
    const sent = first === undefined ? sentAt(choice?.delta.content ?? '') : undefined;
    if (sent !== undefined) first = { sent, received: microseconds() };
    isFinished ||= choice?.finish_reason === 'stop';
  }
  if (first === undefined || !isFinished) throw new Error('a completion broke off');
  return { took: microseconds() - started, firstToken: first.received - first.sent };
};

process.on('message', (message: string) => {
  const [runs = 0, atATime = 1] = message.split(',').map(Number);
  void drive(
    runs,
    Array.from({ length: atATime }, () => completion),
  ).then((round) => process.send?.(round));
});
process.stdout.write('ready\n');
