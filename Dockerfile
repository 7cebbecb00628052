# The program on nothing but the C library: no shell, no package manager, nothing that ages beside it.
#   docker build -t loyalty-bot .     or `bun run image`, which does without a Docker engine where buildah is.
#   docker buildx build --platform linux/amd64,linux/arm64 .     both at once, nothing emulated

# Bun compiles for any platform, so this stage runs on the building machine's own.
FROM --platform=$BUILDPLATFORM docker.io/oven/bun:1.4.5-slim AS build
WORKDIR /loyalty-bot
COPY package.json bun.lock ./
COPY src/db/*.patch src/db/
RUN bun install --frozen-lockfile --production --omit=optional --ignore-scripts
COPY src src
COPY sql sql
ARG TARGETARCH
# Baseline, so that an old or virtual processor without AVX2 will do.
RUN case "$TARGETARCH" in amd64) target=amd64-baseline ;; *) target=$TARGETARCH ;; esac; \
  bun run build --target="bun-linux-$target"
# The version stands in package.json; whoever says it for the label is held to it.
ARG VERSION=
RUN test -z "$VERSION" || grep -qF "\"version\": \"$VERSION\"," package.json

# The C library of the platform it will run on. Files are only taken from it.
FROM docker.io/oven/bun:1.4.5-slim AS system

FROM scratch
# Where the executable looks for its loader: /lib64 on amd64, /lib on arm64.
COPY --from=system /usr/lib/*-linux-gnu/ld-linux-*.so.? /lib64/
COPY --from=system /usr/lib/*-linux-gnu/ld-linux-*.so.? /usr/lib/*-linux-gnu/libc.so.6 \
  /usr/lib/*-linux-gnu/libm.so.6 /usr/lib/*-linux-gnu/libdl.so.2 /usr/lib/*-linux-gnu/libpthread.so.0 /lib/
COPY --from=build /loyalty-bot/dist/loyalty-bot /loyalty-bot
# CA certificates and time zones are inside the executable. It writes no file.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/loyalty-bot", "health"]
ENTRYPOINT ["/loyalty-bot"]
CMD ["serve"]
ARG VERSION=
LABEL org.opencontainers.image.title="loyalty-bot" \
  org.opencontainers.image.description="A loyalty card in Telegram for businesses that keep their journal in YCLIENTS" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION"
