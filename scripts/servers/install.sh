#!/bin/sh
# Installs the servers that `npm run test:servers` runs against, from Debian's packages. Leaves none of them running: the tests
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

# shellcheck disable=SC2086
set -- $missing
[ $# -eq 0 ] && exit 0

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
