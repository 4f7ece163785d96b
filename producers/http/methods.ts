import type { FastifyInstance } from 'fastify';

/** Notes the routes that are added to `server` from now on. @returns the methods that a path has, none for an unknown path */
export function noteMethods(server: FastifyInstance): (path: string) => string[] {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const escaped = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
    const path = new RegExp(`^${escaped.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('*', '.*')}/?$`);
    routes.push({ path, methods: [method].flat() });
  });
  return path => [...new Set(routes.filter(each => each.path.test(path)).flatMap(each => each.methods))].sort();
}
