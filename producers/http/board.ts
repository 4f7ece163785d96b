import type { FastifyInstance } from 'fastify';
import { registry } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { board } from '../../src/operators/board.ts';
import { aboutPages } from './about-job.ts';
import { stateAccess } from './access.ts';
import { auditChanges } from './audited-board.ts';
import { changeGuard, visitorOf } from './board-access.ts';
import { prefixOf } from './public-address.ts';

/**
 * The board in a scope of its own, so that its access covers its pages, API and assets. Changes need an operator and get
 * an entry in the audit log.
 */
export function boardScope(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    const { config } = app;
    stateAccess(scope, 'board');
    scope.addHook('onRequest', changeGuard(app));
    auditChanges(scope, app);
    await scope.register(
      board(app.queues, {
        jobs: registry,
        prefixOf: request => prefixOf(request, config),
        isReadOnly: ({ authorization }) => !visitorOf({ headers: { authorization } }, config).mayChange,
      }),
    );
    aboutPages(scope, app);
  };
}
