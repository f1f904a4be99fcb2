#!/usr/bin/env bash
# Makes deploy/kubernetes/prometheusrule.yaml, for the Prometheus operator, from rules/*.rules.yml: the groups as they are, indented, under
# one header. With --check it only says whether the file is up to date.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

target=$root/deploy/kubernetes/prometheusrule.yaml

make_it() {
  cat <<'H'
# Made from rules/*.rules.yml by eng/make-prometheusrule.sh: do not edit.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: etcd-probe-exporter
  labels: { app.kubernetes.io/name: etcd-probe-exporter }
spec:
  groups:
H
  local file
  for file in "$root"/rules/*.rules.yml; do
    # Everything behind the line "groups:", two deeper; empty lines stay empty.
    sed -e '1,/^groups:$/d' -e 's/^\(.\)/  \1/' "$file"
  done
}

case ${1:-} in
  '') make_it >"$target" ;;
  --check) diff -u "$target" <(make_it) >&2 || die "$target is not what rules/ makes: run ./eng/make-prometheusrule.sh" ;;
  *) die "usage: ./eng/make-prometheusrule.sh [--check]" ;;
esac
