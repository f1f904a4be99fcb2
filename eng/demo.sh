#!/usr/bin/env bash
# Starts three real etcd members on loopback with throw-away data, and the exporter against them.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

usage() {
  cat <<'U'
usage: ./eng/demo.sh [--fault freeze|slow-disk|kill] [--prometheus] [--duration SECONDS]

  --fault freeze      stop a follower's process (SIGSTOP): its port stays open, nothing answers
  --fault slow-disk   hang the leader's fdatasync: it goes on claiming leadership, writes through it are lost
  --fault kill        kill a follower (SIGKILL) and start it again
  --prometheus        also run Prometheus against the exporter and ask it for a p99
  --duration SECONDS  stop by itself (default: run until Ctrl-C)
U
}

fault='' prometheus='' duration=''
while [ $# -gt 0 ]; do
  case $1 in
    --fault) fault=${2:-}; case $fault in freeze|slow-disk|kill) ;; *) usage >&2; die "--fault '$fault': one of freeze, slow-disk, kill";; esac; shift 2 ;;
    --prometheus) prometheus=1; shift ;;
    --duration) duration=${2:-}; [[ $duration =~ ^[0-9]+$ ]] || die "--duration '$duration': a number of seconds"; shift 2 ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; die "unknown argument '$1'" ;;
  esac
done

need_dotnet
install_packages etcd-server:etcd etcd-client:etcdctl curl:curl util-linux:setsid
[ "$fault" != slow-disk ] || install_packages strace:strace
[ -z "$prometheus" ] || install_packages prometheus:prometheus

say "building the exporter"
cd "$root"
dotnet build src/EtcdProbeExporter -c Release -v quiet
exporter=$root/src/EtcdProbeExporter/bin/Release/net10.0/etcd-probe-exporter.dll

data=$(mktemp -d "${TMPDIR:-/tmp}/etcd-probe-demo.XXXXXX")
pids=()

# start COMMAND...: in a session of its own, so that a Ctrl-C at the terminal reaches this script only, which ends its processes in order;
# where setpriv knows how, they also die when the script is killed.
tied=()
setpriv --help 2>/dev/null | grep -e --pdeathsig >/dev/null && tied=(setpriv --pdeathsig KILL)
start() {
  exec "${tied[@]}" setsid "$@"
}

cleanup() {
  trap - EXIT INT TERM HUP
  say "cleaning up"
  for pid in "${pids[@]}"; do
    kill -CONT "$pid" 2>/dev/null || true
    kill -TERM "$pid" 2>/dev/null || true
  done
  sleep 1
  for pid in "${pids[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  rm -rf "$data"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# free_port PREFERRED: that port, or the next one that nobody listens on. All lie below 32768: outgoing connections never take them.
free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    port=$((port + 10))
  done
  echo "$port"
}

client=() peer=()
for i in 0 1 2; do
  client[i]=$(free_port $((12379 + i)))
  peer[i]=$(free_port $((12479 + i)))
done
web=$(free_port 10379)
initial="m0=http://127.0.0.1:${peer[0]},m1=http://127.0.0.1:${peer[1]},m2=http://127.0.0.1:${peer[2]}"
endpoints="127.0.0.1:${client[0]},127.0.0.1:${client[1]},127.0.0.1:${client[2]}"

start_member() {
  local i=$1 state=$2
  ETCD_UNSUPPORTED_ARCH=$(uname -m | sed 's/aarch64/arm64/') start etcd --name "m$i" --data-dir "$data/m$i" \
    --listen-client-urls "http://127.0.0.1:${client[i]}" --advertise-client-urls "http://127.0.0.1:${client[i]}" \
    --listen-peer-urls "http://127.0.0.1:${peer[i]}" --initial-advertise-peer-urls "http://127.0.0.1:${peer[i]}" \
    --initial-cluster "$initial" --initial-cluster-state "$state" --initial-cluster-token demo --logger zap --log-outputs stderr \
    >>"$data/m$i.log" 2>&1 &
  member[i]=$!
  pids+=("$!")
}

say "starting three etcd members"
member=()
for i in 0 1 2; do
  start_member $i new
done

say "starting the exporter"
start dotnet "$exporter" --endpoints "$endpoints" --probe.interval 1s --probe.timeout 2s --web.listen-address "127.0.0.1:$web" \
  >"$data/exporter.log" 2>&1 &
exporter_pid=$!
pids+=("$exporter_pid")
for _ in $(seq 1 150); do
  ready=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$web/-/ready" || true)
  [ "$ready" = 200 ] && break
  kill -0 "$exporter_pid" 2>/dev/null || { cat "$data/exporter.log" >&2; die "the exporter ended"; }
  sleep 0.2
done
[ "$ready" = 200 ] || die "the exporter is not ready"

metrics() { curl -s "http://127.0.0.1:$web/metrics"; }

# value NAME LABELS... : the value of the one series of that name that has all these labels.
value() {
  local name=$1; shift
  local lines; lines=$(metrics | grep "^$name{" || true)
  for label in "$@"; do
    lines=$(printf '%s\n' "$lines" | grep -F "$label" || true)
  done
  printf '%s' "${lines##* }"
}

leader() {
  local i
  for i in 0 1 2; do
    [ "$(value etcd_probe_member_is_leader "etcd_endpoint=\"127.0.0.1:${client[i]}\"")" = 1 ] && { echo $i; return; }
  done
  echo 0
}

# One line of what the exporter says: per endpoint its state and what a put cost (mean since the last line) or why it failed.
show() {
  [ -e "$data/before" ] || : >"$data/before"
  metrics >"$data/now" || true
  awk -v endpoints="$endpoints" -v now="$(date +%T)" '
    function label(name) {
      return match($0, "[{,]" name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
    }
    function put(key,   seen) {
      seen = count[key] - count_before[key]
      return why[key] != "" ? "put: " why[key] : seen > 0 ? sprintf("put %.1f ms", (sum[key] - sum_before[key]) / seen * 1000) : "put: waiting"
    }
    /^#/ { next }
    { file = FILENAME == ARGV[2] ? 2 : 1 }
    { name = $0; sub(/[{ ].*/, "", name) }
    name !~ /^etcd_probe_(cluster_)?(duration_seconds_(sum|count)|failures_total|endpoint_state|writable|failure_tolerance|split_brain)$/ { next }
    label("operation") != "" && label("operation") != "put" { next }
    { key = name ~ /^etcd_probe_cluster/ ? "cluster" : label("etcd_endpoint") }
    name ~ /_sum$/ { if (file == 2) sum[key] = $NF; else sum_before[key] = $NF }
    name ~ /_count$/ { if (file == 2) count[key] = $NF; else count_before[key] = $NF }
    name ~ /failures_total$/ { if (file == 2 && $NF > failures[key, label("reason")]) why[key] = label("reason"); failures[key, label("reason")] = $NF }
    name ~ /_endpoint_state$/ && $NF == 1 { state[key] = label("state") }
    name ~ /_split_brain$/ && $NF == 1 { verdict = label("state") }
    name ~ /_writable$/ { writable = $NF }
    name ~ /_tolerance$/ { tolerance = $NF }
    END {
      printf "%s", now
      n = split(endpoints, list, ",")
      for (i = 1; i <= n; i++) printf "  m%d %-28s", i - 1, state[list[i]] ", " put(list[i])
      printf "  cluster %s, writable %s, tolerance %s, split brain %s\n", put("cluster"), writable, tolerance, verdict
    }' "$data/before" "$data/now"
  mv "$data/now" "$data/before"
}

cat <<T

  status page   http://127.0.0.1:$web/
  metrics       http://127.0.0.1:$web/metrics
  etcd          $endpoints
  logs          $data/exporter.log, $data/m{0,1,2}.log

  put and get latencies of each endpoint and of the cluster, growing by the second:
    curl -s http://127.0.0.1:$web/metrics | grep -E 'duration_seconds_(count|sum).*(put|get)"'

T

if [ -n "$prometheus" ]; then
  prom=$(free_port 19090)
  cat >"$data/prometheus.yml" <<P
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: etcd-probe-exporter
    static_configs: [{ targets: ['127.0.0.1:$web'] }]
P
  start prometheus --config.file "$data/prometheus.yml" --storage.tsdb.path "$data/prometheus" --web.listen-address "127.0.0.1:$prom" \
    >"$data/prometheus.log" 2>&1 &
  pids+=("$!")
  say "Prometheus runs on http://127.0.0.1:$prom; collecting ten seconds for a p99"
  sleep 10
  curl -s "http://127.0.0.1:$prom/api/v1/query" --data-urlencode \
    'query=histogram_quantile(0.99, sum by (etcd_endpoint, operation, le) (rate(etcd_probe_duration_seconds_bucket[30s])))' \
    | sed 's/{"metric":/\n/g' | sed -nE 's/.*"etcd_endpoint":"([^"]+)","operation":"([^"]+)".*"value":\[[^,]+,"([^"]+)".*/\1 \2 \3/p' \
    | sort | awk '{ printf "  p99  %-16s %-10s %s ms\n", $1, $2, $3 * 1000 }'
fi

watch_for() {
  local end=$((SECONDS + $1))
  while [ $SECONDS -lt $end ]; do
    show
    sleep 2
  done
}

if [ -n "$fault" ]; then
  watch_for 4
  # A follower shows the plain case; the leader's disk shows the worst one.
  victim=$(leader)
  [ "$fault" = slow-disk ] || victim=$(((victim + 1) % 3))
  case $fault in
    freeze)
      say "fault: m$victim is stopped (SIGSTOP). Its port stays open, its connections too."
      kill -STOP "${member[victim]}"
      watch_for 14
      say "healed: m$victim goes on (SIGCONT)"
      kill -CONT "${member[victim]}" ;;
    slow-disk)
      say "fault: fdatasync of the leader, m$victim, hangs. It keeps claiming leadership."
      start strace -f -qq -p "${member[victim]}" -e trace=fdatasync -e inject=fdatasync:delay_enter=60000000 -o /dev/null 2>"$data/strace.log" &
      tracer=$!
      pids+=("$tracer")
      watch_for 20
      [ ! -s "$data/strace.log" ] || cat "$data/strace.log" >&2
      say "healed: m$victim's disk answers again"
      kill -INT "$tracer" 2>/dev/null || true ;;
    kill)
      say "fault: m$victim is killed (SIGKILL)"
      kill -KILL "${member[victim]}"
      wait "${member[victim]}" 2>/dev/null || true # bash would report the killed job later, amid the lines
      watch_for 10
      say "healed: m$victim is started again"
      start_member "$victim" existing ;;
  esac
  watch_for 12
  say "what the exporter logged"
  grep -vE 'level=info msg="listening' "$data/exporter.log" | cut -c 1-200 | sed 's/^/  /' || true
fi

if [ -n "$duration" ]; then
  watch_for "$duration"
elif [ -n "$fault" ]; then
  say "done"
else
  say "running; Ctrl-C ends it"
  while sleep 5; do
    show
  done
fi
