# The build needs the compilers; what runs needs neither them nor npm.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts stay off: `prepare` would build before the sources are there.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY jobs ./jobs
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production \
    HOME=/data \
    ROLLCALL_DATA=/data \
    ROLLCALL_CONFIG=/config/rollcall.yaml
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY mappings ./mappings
# The only folder that is written to; everything else may be read-only.
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
USER node
ENTRYPOINT ["node", "/app/dist/src/bin/rollcall.js"]
CMD ["--help"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s --retries=3 \
    CMD ["node", "/app/dist/src/bin/rollcall.js", "--version"]
