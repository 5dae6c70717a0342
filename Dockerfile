# docker build -t whodunit . && docker run -p 127.0.0.1:8420:8420 -v whodunit:/var/lib/whodunit whodunit
# The keys that a first start makes are printed once: docker logs.

FROM node:20.19.5-bookworm-slim AS ui
WORKDIR /source/ui
COPY ui/package.json ui/package-lock.json ui/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY ui ./
RUN npm run build

FROM rust:1.95.0-slim-bookworm AS build
# A C compiler for zstd, SQLite, mimalloc and ring.
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential cmake pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# The server embeds what is there when it is compiled.
COPY --from=ui /source/ui/dist ui/dist
RUN cargo build --locked --release -p whodunit-cli

FROM debian:bookworm-20250428-slim
# The roots that TLS to a bucket or to PostgreSQL is checked against.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 8420 --home-dir /var/lib/whodunit --shell /usr/sbin/nologin whodunit \
    && install -d -m 0700 -o whodunit -g whodunit /var/lib/whodunit
COPY --from=build /source/target/release/whodunit /usr/bin/whodunit
USER whodunit
WORKDIR /var/lib/whodunit
ENV WHODUNIT_DATA=/var/lib/whodunit WHODUNIT_LISTEN=0.0.0.0:8420
VOLUME /var/lib/whodunit
EXPOSE 8420
# The server ends in order on SIGTERM: running requests first, within shutdown_timeout (15 s), then the store.
STOPSIGNAL SIGTERM
# 4 means that it serves and somebody should have a look (degraded); a restart would not help.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD whodunit doctor --server --url http://127.0.0.1:8420 || [ $? -eq 4 ]
ENTRYPOINT ["/usr/bin/whodunit"]
CMD ["serve"]
