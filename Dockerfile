# Errand in one container: bot, runner and its own Postgres (or yours, with DATABASE_URL).
#
#   docker build --build-arg AGENTS="opencode-ai@1.18.33 @agentclientprotocol/codex-acp@2.6.0" --tag errand .
#   docker run --env-file .env --volume errand:/var/lib/errand \
#     --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined errand
#
# The three --security-opt flags let bubblewrap build the sandbox that every agent runs in: Docker's default profiles
# forbid the user namespaces, mounts and the fresh /proc it needs. `docker run … errand doctor` starts a real sandbox
# and says whether it holds. Without the flags Errand refuses to run agents unless ERRAND_SANDBOX=none is set.
# One container per volume: its Postgres cannot be shared between containers; for several, set DATABASE_URL.
FROM node:24-slim

# Debian's own versions: security fixes must come with a rebuild.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap ca-certificates git ripgrep socat tini \
  && rm -rf /var/lib/apt/lists/*

# Agents have a layer of their own: they are large, and change at another pace than Errand does.
ARG AGENTS="opencode-ai@1.18.33"
# The list is split into words on purpose.
# hadolint ignore=SC2086,DL3016
RUN if [ -n "$AGENTS" ]; then npm install --global --no-fund --no-audit $AGENTS && npm cache clean --force; fi

RUN useradd --system --create-home --shell /usr/sbin/nologin errand \
  && install --directory --owner=errand --group=errand --mode=0750 /var/lib/errand

WORKDIR /opt/errand
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-fund --no-audit && npm cache clean --force
COPY . .
RUN ln -s /opt/errand/bin/errand.js /usr/local/bin/errand

USER errand
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=4 ERRAND_HOME=/var/lib/errand
VOLUME /var/lib/errand
EXPOSE 3000

# Without PORT there is no web server to ask; then the container counts as healthy while it runs.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD test -z "$PORT" || node --eval "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((answer) => process.exit(answer.ok ? 0 : 1))"

# tini reaps what agents leave behind, and hands signals to Errand alone, which puts its work down in order.
ENTRYPOINT ["tini", "--", "errand"]
CMD ["start"]
