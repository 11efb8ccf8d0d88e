# Builds the server, then keeps only what it needs to run.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The package's own `prepare` would build before the sources are there.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts ./scripts
COPY src ./src
RUN node scripts/build.js
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# The optional packages, which send traces and call MCP servers: an image has no other moment to install them.
RUN npm install --prefix optional --ignore-scripts --no-audit --no-fund \
  @modelcontextprotocol/sdk@1.32.2 \
  @opentelemetry/api@1.9.1 \
  @opentelemetry/exporter-trace-otlp-http@0.223.1 \
  @opentelemetry/resources@2.12.1 \
  @opentelemetry/sdk-trace-base@2.12.1

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=build /app/package.json ./
# What both have is taken from the server's own packages, in the versions of its lock file.
COPY --from=build /app/optional/node_modules ./node_modules
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A volume that is made from this folder belongs to the same user. The link is the default of DATA_PATH, which DATABASE_URL excludes.
RUN mkdir -p /data && chown node:node /data && ln -s /data data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it is the process that gets SIGTERM.
CMD ["node", "dist/server.js"]
