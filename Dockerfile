# The bot for an operator: `docker run -v imagine:/data --env-file .env -p 8080:8080 imagine`

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY requirements requirements
RUN python -m venv /opt/bot \
 && /opt/bot/bin/pip install --require-hashes -r requirements/runtime.lock \
 && pip install --require-hashes -r requirements/build.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/bot/bin/pip install --no-deps /wheels/*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home imagine && install -d -o imagine -g imagine /data
COPY --from=build /opt/bot /opt/bot
ENV PATH=/opt/bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    IMAGINE_DATA_DIR=/data \
    IMAGINE_HTTP_HOST=0.0.0.0
USER imagine
WORKDIR /home/imagine
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# The slim image has no curl; Python asks, past any proxy of the environment.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('IMAGINE_HTTP_PORT') or 8080), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["imagine-bot"]
CMD ["run"]
