# The image of production: application, data packages and compressed static files, run by an ordinary user.
#
#     docker build -t lanson .
#     docker run -p 8000:8000 -e SECRET_KEY=... -e ALLOWED_HOSTS=... -e DATABASE_URL=postgresql://... lanson
#     docker run --rm -e ... lanson python manage.py migrate

# The small plotly bundle.
FROM node:20-slim AS browser
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

# Dependencies, translations and static files.
FROM python:3.11-slim AS build
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt --constraint constraints.txt
COPY . .
COPY --from=browser /app/node_modules node_modules
RUN python scripts/messages.py compile
# Collecting needs settings that pass their own checks, but no secret: this key is forgotten with the command.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --no-input

FROM python:3.11-slim
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker
COPY --from=build /venv /venv
COPY --from=build /app /app
USER tracker
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py"]
# Workers report that they are alive through a file; in memory it cannot wait for a slow disk.
ENV WEB_CONCURRENCY=2
CMD ["gunicorn", "lanson.wsgi", "--bind=0.0.0.0:8000", "--threads=4", "--worker-tmp-dir=/dev/shm"]
