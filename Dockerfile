# The image of web, worker, jobs, beat, escalator and migrate, and the proxy in front of them.
# docs/operations.md says what of this has been run.

FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements.txt /build/requirements.txt
# Wheels only, every one checked by hash: nothing is compiled, here or later.
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r /build/requirements.txt

FROM python:3.12-slim-bookworm AS app
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 aset \
 && useradd --system --uid 10001 --gid aset --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin aset \
 && install -d -o aset -g aset -m 0700 /srv/files
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=aset_safeguarding.settings \
    XDG_CACHE_HOME=/tmp \
    ASET_STATIC_ROOT=/srv/static \
    ASET_FILES_DIR=/srv/files \
    ASET_RUN_DIR=/run/aset
WORKDIR /app
COPY . /app
# The keys in this line are zeros, live for this line only and open nothing; production refuses to start with them.
RUN python -m compileall -q /app /opt/venv/lib \
 && export ASET_MODE=production ASET_SECRET_KEY=for-this-line-only DATABASE_URL=postgres://aset_app@/none OWNER_DATABASE_URL=postgres://aset_owner@/none \
 && export ASET_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ASET_FIELD_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
 && python manage.py compile_catalogues \
 && python manage.py collectstatic --noinput --skip-checks
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn_conf.py", "--bind", "0.0.0.0:8000", "aset_safeguarding.wsgi:application"]

FROM caddy:2-alpine AS proxy
# A copy without file capabilities: with no-new-privileges the original, which carries them, would not start as an ordinary user.
RUN cp /usr/bin/caddy /usr/local/bin/caddy-plain \
 && mkdir -p /data /config \
 && chown -R 10001:10001 /data /config
COPY deploy/caddy/Caddyfile /etc/caddy/Caddyfile
USER 10001:10001
EXPOSE 8080 8443
CMD ["/usr/local/bin/caddy-plain", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
