# Starts, awaits, merges and stops the servers that are compared; read by compare and ask. Uses the variables root, work
# (folder of logs), data, port and memory, and sets server to the pid.
# shellcheck shell=bash disable=SC2154,SC2034

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

now() { date +%s.%N; }
calc() { awk "BEGIN { printf \"%.$2f\", $1 }"; }
value() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p" <<<"$2" | head -1; }

# CPU seconds, user and system, of a process with all its threads.
cpu() { local s; s=$(<"/proc/$1/stat"); set -- ${s##*) }; calc "(${12} + ${13}) / $(getconf CLK_TCK)" 2; }
# Resident memory in MiB, now (VmRSS) or at its peak (VmHWM).
mib() { awk "/^$2/ { printf \"%d\", \$2 / 1024 }" "/proc/$1/status"; }

start_varve() {
  local flags=(--listen "127.0.0.1:$port" --data "$data" --web.enable-admin-api)
  [ -z "$memory" ] || flags+=(--memory "$memory")
  "$root/varve" server "${flags[@]}" >>"$work/varve.log" 2>&1 &
  server=$!
}
start_prometheus() {
  mkdir -p "$data"
  echo "global: {}" >"$work/prometheus.yml"
  prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$data" --web.listen-address="127.0.0.1:$port" \
    --web.enable-remote-write-receiver --web.enable-admin-api --storage.tsdb.retention.time=100y --query.max-samples=1000000000 \
    >>"$work/prometheus.log" 2>&1 &
  server=$!
}
start_victoria() {
  victoria-metrics -storageDataPath="$data" -httpListenAddr="127.0.0.1:$port" -retentionPeriod=100y -search.disableCache \
    >>"$work/victoria.log" 2>&1 &
  server=$!
}
ready_varve() { curl -fs -o /dev/null "http://127.0.0.1:$port/-/ready"; }
ready_prometheus() { curl -fs -o /dev/null "http://127.0.0.1:$port/-/ready"; }
ready_victoria() { curl -fs -o /dev/null "http://127.0.0.1:$port/health"; }

await_ready() {
  local deadline=$((SECONDS + 120))
  until "ready_$1"; do
    if ! kill -0 "$server" 2>/dev/null || [ $SECONDS -gt $deadline ]; then
      echo "cannot start $1: its last lines are" >&2; tail -5 "$work/$1.log" >&2; exit 1
    fi
    sleep 0.02
  done
}

merge_varve() {
  curl -fs -o /dev/null -X POST "http://127.0.0.1:$port/api/v1/admin/tsdb/flush"
  curl -fs -o /dev/null -X POST "http://127.0.0.1:$port/api/v1/admin/tsdb/compact"
}
merge_prometheus() { :; } # by itself, every two hours of data
merge_victoria() {
  curl -fs -o /dev/null "http://127.0.0.1:$port/internal/force_flush"
  curl -fs -o /dev/null "http://127.0.0.1:$port/internal/force_merge"
  local before=-1 size quiet=0 deadline=$((SECONDS + 300))
  while [ $quiet -lt 4 ] && [ $SECONDS -lt $deadline ]; do
    sleep 1
    size=$(du -sb "$data" | cut -f1)
    if [ "$size" = "$before" ] && ! curl -fs "http://127.0.0.1:$port/metrics" | grep -Eq '^vm_active_merges\{.*\} [1-9]'
    then quiet=$((quiet + 1)); else quiet=0; fi
    before=$size
  done
}

stop_server() { kill "$1" "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=""; }
