#!/bin/sh
# Installs the servers that `npm run test:servers` runs against: Debian's packages and, in .servers, what Maven, npm and pip have. Leaves
# none of them running: the tests start their own, on free ports. Needs root.
set -eu

missing=''
need() { command -v "$1" >/dev/null || missing="$missing $2"; }

need prometheus prometheus
need promtool prometheus
need influxd influxdb
need tmux tmux
need victoria-metrics victoria-metrics
need prometheus-pushgateway prometheus-pushgateway
need prometheus-alertmanager prometheus-alertmanager
need pg_ctlcluster postgresql
need setpriv util-linux
need nats-server nats-server
need kcat kcat
need snmptrap snmp
need java default-jre-headless
need mvn maven
need python3 python3
python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"

# shellcheck disable=SC2086
set -- $missing
if [ $# -gt 0 ]; then
  # Debian starts what it installs unless this says no (invoke-rc.d(8)); containers often say so already.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
  fi

  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends "$@"
fi

# Apache Kafka is no package of Debian's.
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$root/.servers"
echo '*' >"$root/.servers/.gitignore"
if [ ! -d "$root/.servers/kafka" ]; then
  if mvn -q -B -f "$root/scripts/servers/kafka-pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$root/.servers/kafka-coming"; then
    mv "$root/.servers/kafka-coming" "$root/.servers/kafka"
  else
    echo 'Kafka could not be had from Maven Central: its tests will be skipped.' >&2
  fi
fi

# Of S3 and of Azure's blobs and queues.
if [ ! -d "$root/.servers/node_modules/azurite" ]; then
  npm install --prefix "$root/.servers" --no-audit --no-fund s3rver@3.7.1 azurite@3.35.0
fi
if [ ! -x "$root/.servers/python/bin/moto_server" ]; then
  python3 -m venv "$root/.servers/python"
  "$root/.servers/python/bin/pip" install --quiet 'moto[server,s3]==5.2.5'
fi
