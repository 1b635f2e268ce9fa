# The dashboard: built by Vite, served by nginx, which also passes /api and /ws on.
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM nginxinc/nginx-unprivileged:1.28-alpine
COPY infra/docker/nginx.conf.template /etc/nginx/templates/default.conf.template
COPY --from=build /build/dist /usr/share/nginx/html
ENV UI_PORT=3000 \
    API_URL=http://app:2000 \
    WS_URL=http://app:2001 \
    WEBSOCKET_URL=ws://localhost:2001 \
    STACK_NAME=queuecraft-local
USER 101
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 \
    CMD ["wget", "--quiet", "--spider", "http://127.0.0.1:3000/config.json"]
