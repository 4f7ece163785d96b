import type { FastifyInstance } from 'fastify';

/** Records routes added to `server` after this call. @returns a function that lists a path's methods (none if unknown) */
export function noteMethods(server: FastifyInstance): (path: string) => string[] {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const escaped = url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
    const path = new RegExp(`^${escaped.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('*', '.*')}/?$`);
    routes.push({ path, methods: [method].flat() });
  });
  return path => [...new Set(routes.filter(each => each.path.test(path)).flatMap(each => each.methods))].sort();
}
