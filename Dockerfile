# Jarvis as one image; the command names the role (ingress, relay, worker, deliver, clock, bot, web, or up for all).

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/jarvis/venv
ENV PATH=/opt/jarvis/venv/bin:$PATH
WORKDIR /opt/jarvis/app
# The dependencies are a layer of their own: a change of the code does not install them again.
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN pip install -q -c constraints.txt -e .
COPY . .
# In place, as on a developer's machine: texts, pages, prompts and migrations are found beside the code. The second
# time because the first saw no packages.
RUN pip install -q --no-deps -e . && python -m compileall -q .

FROM python:3.11-slim-bookworm
# Tesseract reads plates and documents; pango and the fonts make the reports' PDF files.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        tesseract-ocr libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/jarvis jarvis
COPY --from=build /opt/jarvis /opt/jarvis
ENV PATH=/opt/jarvis/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    JARVIS_HOME=/var/lib/jarvis \
    JARVIS_LOG_FORMAT=json \
    JARVIS_HTTP__HOST=0.0.0.0
WORKDIR /opt/jarvis/app
USER jarvis
VOLUME /var/lib/jarvis
EXPOSE 8080
# For the roles that listen; docker-compose.yml switches it off for the others.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('JARVIS_HTTP__PORT', '8080')}/healthz\", timeout=2)"]
ENTRYPOINT ["jarvis"]
CMD ["up"]
