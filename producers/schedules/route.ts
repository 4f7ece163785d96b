import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { scheduleStates } from '../../src/app/schedules.ts';
import { schedule } from '../../src/domain/schedule/schedule.ts';
import { problems } from '../http/problem.ts';

const line = schedule.pick({ name: true, due: true, by: true }).extend({
  work: z
    .object({ flow: z.string(), parameters: z.looseObject({}) })
    .describe('The flow that it starts, and with what'),
  next: z.string().nullable().describe('When it starts work next'),
  lastRequest: z.string().nullable().describe('The request that it started last'),
  lastAt: z.string().nullable(),
});

/** The schedules. They are set by the command `schedule`. */
export function scheduleRoutes(scope: FastifyInstance, app: App): void {
  scope.withTypeProvider<ZodTypeProvider>().get(
    '/schedules',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List schedules',
        tags: ['schedules'],
        operationId: 'list-schedules',
        response: {
          200: z.object({ schedules: z.array(line) }).meta({ description: 'All schedules by name' }),
          ...problems(401, 403, 503),
        },
      },
    },
    async () => {
      const states = await scheduleStates(app);
      return {
        schedules: states.map(({ schedule: { name, due, work, by }, next, last }) => ({
          name,
          due,
          work: { flow: work.flow, parameters: z.looseObject({}).parse(work.parameters) },
          by,
          next: instant(next),
          lastRequest: last?.spec.id ?? null,
          lastAt: instant(last?.at ?? null),
        })),
      };
    },
  );
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
