# syntax=docker/dockerfile:1
# pydeploy-lint without anything else: it needs no network, no write access and no rights of its own.
#
#   docker build --tag pydeploy-lint https://github.com/pydeploy-lint/pydeploy-lint.git#v0.1.0
#   docker run --rm --read-only --network none --volume "$PWD:/app:ro" pydeploy-lint

FROM python:3.14-alpine AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/pydeploy-lint \
    && /opt/pydeploy-lint/bin/python -m pip install --no-cache-dir . \
    && /opt/pydeploy-lint/bin/python -m pip uninstall --yes pip

FROM python:3.14-alpine
LABEL org.opencontainers.image.title="pydeploy-lint" \
      org.opencontainers.image.description="Says whether a Python app will deploy on Heroku, offline, from its files alone." \
      org.opencontainers.image.source="https://github.com/pydeploy-lint/pydeploy-lint" \
      org.opencontainers.image.documentation="https://pydeploy-lint.readthedocs.io/" \
      org.opencontainers.image.licenses="MIT"
# The version of git does not matter, and Alpine keeps only the newest one.
# The app that is mounted belongs to another user than the one in the image.
# hadolint ignore=DL3018
RUN apk add --no-cache git \
    && git config --system --add safe.directory '*'
COPY --from=build /opt/pydeploy-lint /opt/pydeploy-lint
ENV PATH="/opt/pydeploy-lint/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /app
ENTRYPOINT ["pydeploy-lint"]
