import { expectTypeOf, test } from 'vitest';
import type { Received } from '../../src/rest/received.ts';
import type { RestResponse } from '../../src/rest/fetch.ts';
import type { RestMessage } from '../../src/wire/message.ts';
import type { RestRun } from '../../src/wire/run.ts';
import type { RestRunStep, RestToolCallsDetails } from '../../src/wire/runStep.ts';

const kindOf = (details: NonNullable<Received<RestRunStep>['step_details']>) =>
  details.type === 'tool_calls' ? details : undefined;

test('only the ids of a received object and of its parents are certain', () => {
  expectTypeOf<Received<RestRun>>().toHaveProperty('id').toEqualTypeOf<string>();
  expectTypeOf<Received<RestRun>['thread_id']>().toEqualTypeOf<string>();
  expectTypeOf<Received<RestRun>['assistant_id']>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf<Received<RestRun>['instructions']>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf<Received<RestRunStep>['run_id']>().toEqualTypeOf<string>();
  expectTypeOf<Received<RestMessage>['run_id']>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf<Received<RestMessage>['metadata']>().toEqualTypeOf<Record<string, string> | null | undefined>();
});

test('received unions narrow by their `type`', () => {
  expectTypeOf<NonNullable<ReturnType<typeof kindOf>>>().toEqualTypeOf<Received<RestToolCallsDetails>>();
});

test('REST types are assignable to received ones, and the global Response to RestResponse', () => {
  expectTypeOf<RestRun>().toExtend<Received<RestRun>>();
  expectTypeOf<RestMessage>().toExtend<Received<RestMessage>>();
  expectTypeOf<RestRunStep>().toExtend<Received<RestRunStep>>();
  expectTypeOf<Response>().toExtend<RestResponse>();
});
