# The API, the WebSocket API, the workers and the connection manager, run by the local AWS.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /build
COPY requirements/image.txt ./
RUN uv venv /opt/queuecraft && \
    uv pip sync --no-cache --python /opt/queuecraft/bin/python --require-hashes image.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/queuecraft --create-home queuecraft
COPY --from=build /opt/queuecraft /opt/queuecraft
WORKDIR /srv/queuecraft
COPY app.py ./
COPY .chalice/config.json .chalice/policy.json .chalice/pools.json .chalice/
COPY chalicelib chalicelib
COPY worker_fn worker_fn
COPY websocket_fn websocket_fn
COPY infra/__init__.py infra/__init__.py
COPY infra/local infra/local
COPY infra/aws/template.yaml infra/aws/template.yaml
COPY infra/docker/health.py infra/docker/health.py
ENV PATH=/opt/queuecraft/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0 \
    PORT=2000 \
    WS_PORT=2001 \
    AWS_PORT=4566 \
    UI_PORT=3000 \
    QUEUECRAFT_HOME=/var/lib/queuecraft
USER 10001
VOLUME /var/lib/queuecraft
# API, WebSocket. The AWS endpoint is for the functions only.
EXPOSE 2000 2001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "infra/docker/health.py", "http://127.0.0.1:2000/health"]
CMD ["python", "-m", "infra.local", "up", "--no-reload"]
