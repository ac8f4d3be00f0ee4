# The server as a container: docker build -t netgraft . && docker run -p 8100:8100 -v netgraft:/data netgraft
# Two stages: the first has compilers and Node to build the wheel, the second only what runs. With PostgreSQL beside
# it: compose.yaml.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m pip install --no-cache-dir build==1.6.1
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY proto proto
COPY static static
COPY examples examples
COPY app app
RUN python -m build --wheel --outdir /dist

FROM python:3.13-slim
# What a team's server needs beside the package: PostgreSQL's driver and S3's. `--build-arg EXTRAS=` leaves them out.
ARG EXTRAS=postgres,s3
RUN groupadd --gid 10001 netgraft \
    && useradd --create-home --uid 10001 --gid 10001 netgraft \
    && install --directory --owner=netgraft --group=netgraft /data
COPY --from=build /dist /dist
# The wheel made above is the pinned version.
# hadolint ignore=DL3013
RUN set -- /dist/*.whl \
    && python -m pip install --no-cache-dir "$1${EXTRAS:+[$EXTRAS]}" \
    && rm -r /dist
USER 10001:10001
ENV NETGRAFT_DATA=/data \
    NETGRAFT_LOG=json \
    PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8100
# Needs no token.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8100/api/ready', timeout=4)"]
# An address that others can reach: a token is made and printed unless NETGRAFT_TOKEN is set.
ENTRYPOINT ["netgraft", "serve", "--host", "0.0.0.0", "--port", "8100"]
