import type { FastifyInstance } from 'fastify';
import { registry } from '../../jobs/registry.ts';
import type { App } from '../../src/app/app.ts';
import { board } from '../../src/operators/board.ts';
import { aboutPages } from './about-job.ts';
import { auditChanges } from './audited-board.ts';
import { changeGuard, visitorGuard, visitorOf } from './board-access.ts';
import { prefixOf } from './public-address.ts';

/**
 * The board in a scope of its own, so that its hooks cover its pages, API and assets: authentication, once a login or key
 * is set; for changes, authorization and an entry in the audit log.
 */
export function boardScope(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    const { config } = app;
    scope.addHook('onRequest', visitorGuard(app));
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
