# The image of production: application, data packages and compressed static files, run by an ordinary user.
#
#     docker build -t lanson .
#
# compose.yaml runs it with all it needs.

# The small plotly bundle and the font of prints.
FROM node:24-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

# Dependencies, translations and static files.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
COPY --from=browser /app/node_modules node_modules
RUN python scripts/messages.py compile
# Collecting needs settings that pass their own checks, but no secret: this key is forgotten with the command.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --no-input

FROM python:3.11-slim-bookworm
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# pg_dump and pg_restore of the version that compose.yaml runs as database.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/*
# A volume that is mounted on one of these folders takes its owner over.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker && \
    install --directory --owner=tracker --mode=0700 /media /backups
COPY --from=build /venv /venv
COPY --from=build /app /app
USER tracker
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py"]
ENV WEB_CONCURRENCY=2
CMD ["gunicorn", "--bind=0.0.0.0:8000", "lanson.wsgi"]
