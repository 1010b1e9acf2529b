#!/bin/sh
# Installs the servers that `npm run test:servers` runs against, from Debian's packages and with Maven. Leaves none of them running: the tests
# start their own, on free ports. Needs root.
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
need java default-jre-headless
need mvn maven

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
