#!/usr/bin/env bash
# Installs, from the distribution, what the tests need and this machine lacks.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

install_packages etcd-server:etcd etcd-client:etcdctl prometheus:promtool strace:strace iproute2:ip curl:curl procps:pkill util-linux:setsid chromium:chromium prometheus-alertmanager:amtool nftables:nft faketime:faketime
"$root/eng/fetch-newer.sh"
