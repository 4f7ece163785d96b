import type { FastifyInstance } from 'fastify';
import { queueNames } from '../../jobs/registry.ts';
import { systemOf } from '../../jobs/systems.ts';
import type { House } from '../../src/app/app.ts';
import { board } from '../../src/operators/board.ts';
import { aboutPages } from './about-job.ts';
import { auditChanges } from './audited-board.ts';
import { changeGuard, visitorGuard, visitorOf } from './board-access.ts';

/**
 * The board in a scope of its own, so that what it wants covers its pages, its API and its assets: a login or a key, once
 * one is set; of whoever changes something, the right to, and an entry in the audit log.
 */
export function boardScope(house: House) {
  return async (scope: FastifyInstance): Promise<void> => {
    const { config } = house;
    scope.addHook('onRequest', visitorGuard(house));
    scope.addHook('onRequest', changeGuard(house));
    auditChanges(scope, house);
    await scope.register(
      board(house.queues, {
        queueNames,
        systemOf,
        isReadOnly: ({ authorization }) => !visitorOf({ headers: { authorization } }, config).mayChange,
      }),
    );
    aboutPages(scope, house);
  };
}
