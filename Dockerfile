# Compiled code and what it needs at run time, nothing else. Roles: worker (default), api, up, sandbox, and every command.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY src src
COPY jobs jobs
COPY producers producers
RUN npm run build && find dist -name '*.d.ts' -delete

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
# Of what is left three quarters are never loaded on Linux under Node: inference for other systems and for browsers,
# the compiler that one package names as its peer, and the types.
RUN arch="$(node -p process.arch)" \
    && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d ! -path "*/linux/$arch" -exec rm -rf {} + \
    && rm -rf node_modules/onnxruntime-web node_modules/typescript node_modules/@typescript node_modules/@types \
    && find node_modules/@xenova/transformers/dist -type f ! -name transformers.node.mjs -delete \
    && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:20-bookworm-slim
# Listening beyond the container's own loopback is refused until BOARD_USER and BOARD_PASSWORD are set.
ENV NODE_ENV=production \
    ARTIFACTS_URL=file:///data \
    HTTP_HOST=0.0.0.0
WORKDIR /app
RUN mkdir /data && chown node:node /data && ln -s /data data
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY models models
COPY bin/cxone-mlops.js bin/cxone-mlops.js
COPY --from=build /app/dist dist
USER node
VOLUME /data
EXPOSE 3000
# Only the roles that listen can be asked; of the others it counts that they run.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "const role = require('node:fs').readFileSync('/proc/1/cmdline', 'utf8').split('\\0'); if (role.includes('api') || role.includes('up')) fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 3000}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/cxone-mlops.js"]
CMD ["worker"]
