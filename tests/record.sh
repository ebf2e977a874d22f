#!/usr/bin/env bash
# Records the fixtures of the tests from a real engine, with its version in their path:
#
#   tests/engine.sh tests/record.sh                    all of them
#   tests/engine.sh tests/record.sh containers images  these sections alone
#   tests/engine.sh --private tests/record.sh swarm    what has to do with swarms, on an engine that nobody else has
#
# A section is a function record_NAME below. Each makes what it needs; all of it is removed in the end.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${DOCKER_HOST:?run me through tests/engine.sh}"
readonly PREFIX=longshore-record
readonly JSON=(-H 'Content-Type: application/json')
made=() # paths to DELETE in the end, the last first
last=() # a call to make after that

main() {
  case $DOCKER_HOST in
    unix://*) transport=(--unix-socket "${DOCKER_HOST#unix://}"); base=http://localhost ;;
    tcp://*) transport=(); base=http://${DOCKER_HOST#tcp://} ;;
    *) echo "record.sh: cannot speak to $DOCKER_HOST" >&2; exit 2 ;;
  esac
  api_version=$(field ApiVersion <<<"$(curl_engine GET /version)")
  engine_version=$(field Version <<<"$(curl_engine GET /version)")
  folder=tests/fixtures/docker-${engine_version%%+*}
  mkdir -p "$folder"
  trap clean_up EXIT
  pull "$LONGSHORE_TEST_IMAGE"
  local section
  for section in "${@:-}"; do
    if [ -n "$section" ]; then "record_$section"; else record_all; fi
  done
}

record_all() {
  local function
  for function in $(compgen -A function record_ | grep -v -e '^record_all$' -e '^record_swarm$'); do "$function"; done
}

# --- What the sections are made of --------------------------------------------------------

curl_engine() { # METHOD PATH [CURL-OPTION...]: without an API version
  local method=$1 path=$2
  shift 2
  curl -q -sS --fail-with-body --noproxy '*' --globoff "${transport[@]}" -X "$method" "$@" "$base$path"
}

api() { # METHOD PATH [CURL-OPTION...]: in the engine's newest API version
  curl_engine "$1" "/v$api_version$2" "${@:3}"
}

save() { # FILE METHOD PATH [CURL-OPTION...]: records the body of the answer, and prints it
  local file=$folder/$1
  api "${@:2}" >"$file.raw"
  sed "s/\"Name\":\"$(hostname)\"/\"Name\":\"engine-host\"/g" "$file.raw" >"$file" # this machine's name alone
  rm "$file.raw"
  echo "record.sh: $file" >&2
  cat "$file"
}

field() { # NAME: prints the first string of that name in the JSON that is read
  grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4
}

remove_later() { # PATH: it is deleted in the end
  made+=("$1")
}

remove_later_by() { # METHOD PATH: it is called in the end
  last=("$@")
}

clean_up() {
  local status=$? i
  for ((i = ${#made[@]} - 1; i >= 0; i--)); do
    api DELETE "${made[i]}" >/dev/null || status=1
  done
  if [ ${#last[@]} -gt 0 ]; then api "${last[@]}" >/dev/null || status=1; fi
  rm -f "$folder"/*.raw
  exit "$status"
}

pull() { # IMAGE
  api POST "/images/create?fromImage=${1%:*}&tag=${1##*:}" | tail -n 1 >&2
}

wait_for() { # SECONDS COMMAND...: until it succeeds
  local tries=$(($1 * 10))
  shift
  until "$@"; do
    ((tries-- > 0)) || { echo "record.sh: waited in vain for: $*" >&2; return 1; }
    sleep 0.1
  done
}

# --- The sections -------------------------------------------------------------------------

record_containers() {
  local network=$PREFIX-net volume=$PREFIX-data id
  network=$(api POST /networks/create "${JSON[@]}" -d '{
    "Name": "'"$network"'", "CheckDuplicate": true, "IPAM": {"Config": [{"Subnet": "10.213.8.0/24"}]}
  }' | field Id)
  remove_later "/networks/$network"
  remove_later "/volumes/$volume"
  id=$(save container_create.json POST "/containers/create?name=$PREFIX-web" "${JSON[@]}" -d '{
    "Image": "'"$LONGSHORE_TEST_IMAGE"'", "Env": ["MODE=prod"], "Labels": {"app": "web", "tier": ""},
    "ExposedPorts": {"80/tcp": {}, "53/udp": {}, "9000/tcp": {}}, "Volumes": {"/cache": {}}, "StopTimeout": 5,
    "StopSignal": "SIGINT", "User": "root", "WorkingDir": "/www",
    "HostConfig": {
      "Binds": ["/tmp:/host:ro"], "NetworkMode": "'"$PREFIX-net"'", "Memory": 67108864,
      "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}], "53/udp": [{"HostPort": ""}]},
      "Mounts": [
        {"Type": "volume", "Source": "'"$volume"'", "Target": "/data", "VolumeOptions": {"Labels": {"app": "web"}}},
        {"Type": "tmpfs", "Target": "/run", "TmpfsOptions": {"SizeBytes": 16777216, "Mode": 448}}
      ],
      "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}, "NanoCpus": 500000000, "Init": true,
      "CapAdd": ["NET_ADMIN"], "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}],
      "Sysctls": {"net.core.somaxconn": "256"}, "ExtraHosts": ["db:10.0.0.7"], "ShmSize": 33554432,
      "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m"}}, "PidsLimit": 64
    },
    "NetworkingConfig": {"EndpointsConfig": {"'"$PREFIX-net"'": {"Aliases": ["www"]}}}
  }' | field Id)
  remove_later "/containers/$id?force=1&v=1"
  save container_inspect_created.json GET "/containers/$id/json" >/dev/null
  api POST "/containers/$id/start"
  wait_for 30 is_healthy "$id"
  save container_inspect.json GET "/containers/$id/json?size=true" >/dev/null

  id=$(api POST "/containers/create?name=$PREFIX-job" "${JSON[@]}" -d '{
    "Image": "'"$LONGSHORE_TEST_IMAGE"'", "Cmd": ["sh", "-c", "echo out; sleep 0.1; echo err >&2; exit 3"],
    "HostConfig": {"LogConfig": {"Type": "json-file", "Config": {"labels": "app"}}}, "Labels": {"app": "job"}
  }' | field Id)
  remove_later "/containers/$id?force=1&v=1"
  api POST "/containers/$id/start"
  save container_wait.json POST "/containers/$id/wait" >/dev/null
  save container_logs.bin GET "/containers/$id/logs?stdout=true&stderr=true" >/dev/null
  save container_inspect_exited.json GET "/containers/$id/json" >/dev/null
  save container_list.json GET '/containers/json?all=true&size=true&filters={"name":{"'"$PREFIX"'":true}}' >/dev/null
}

is_healthy() { # CONTAINER
  [[ $(api GET "/containers/$1/json") == *'"Status":"healthy"'* ]]
}

record_files() {
  local id headers=$folder/container_archive_stat.txt
  id=$(api POST "/containers/create?name=$PREFIX-files" "${JSON[@]}" -d '{
    "Image": "'"$LONGSHORE_TEST_IMAGE"'", "Cmd": ["sh", "-c", "mkdir -p /data/dir && cd /data && echo hello >dir/file && ln -s dir/file link && chmod 4750 dir/file"]
  }' | field Id)
  remove_later "/containers/$id?force=1&v=1"
  api POST "/containers/$id/start"
  api POST "/containers/$id/wait" >/dev/null
  curl_engine HEAD "/v$api_version/containers/$id/archive?path=/data/link" --head |
    sed 's/^Date: .*\r/Date: Tue, 24 Nov 2026 04:00:00 GMT\r/' >"$headers"
  echo "record.sh: $headers" >&2
  save container_archive.tar GET "/containers/$id/archive?path=/data" >/dev/null
  save container_update.json POST "/containers/$id/update" "${JSON[@]}" -d '{
    "Memory": 67108864, "MemorySwap": 67108864, "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}
  }' >/dev/null
}

record_prunes() {
  local only='filters={"label":{"app='$PREFIX-pruned'":true}}' labels='"Labels": {"app": "'$PREFIX-pruned'"}'
  api POST "/containers/create" "${JSON[@]}" -d '{"Image": "'"$LONGSHORE_TEST_IMAGE"'", '"$labels"'}' >/dev/null
  api POST /networks/create "${JSON[@]}" -d '{"Name": "'"$PREFIX-pruned"'", "CheckDuplicate": true, '"$labels"'}' >/dev/null
  api POST /volumes/create "${JSON[@]}" -d "{$labels}" >/dev/null
  local kind
  for kind in container network volume; do
    save "${kind}_prune.json" POST "/${kind}s/prune?$only" >/dev/null
    save "${kind}_prune_nothing.json" POST "/${kind}s/prune?$only" >/dev/null
  done
}

record_system() {
  save system_version.json GET /version >/dev/null
  save system_info.json GET /info >/dev/null
  local file=$folder/system_ping.txt
  curl_engine HEAD /_ping --head | sed 's/^Date: .*\r/Date: Tue, 24 Nov 2026 04:00:00 GMT\r/' >"$file"
  echo "record.sh: $file" >&2
}

record_images() {
  local repository=$PREFIX container
  api DELETE "/images/$LONGSHORE_TEST_IMAGE_2" >/dev/null 2>&1 || true
  save image_pull.json POST "/images/create?fromImage=${LONGSHORE_TEST_IMAGE_2%:*}&tag=2" >/dev/null
  save image_pull_again.json POST "/images/create?fromImage=${LONGSHORE_TEST_IMAGE_2%:*}&tag=2" >/dev/null
  save image_inspect_pulled.json GET "/images/$LONGSHORE_TEST_IMAGE_2/json" >/dev/null
  api DELETE "/images/$LONGSHORE_TEST_IMAGE_2" >/dev/null
  # With a wrong platform a pull begins well.
  save image_pull_error.json POST "/images/create?fromImage=${LONGSHORE_TEST_IMAGE_2%:*}&tag=2&platform=windows" >/dev/null

  # An image that says much, and one that loses its name to it.
  container=$(api POST "/containers/create" "${JSON[@]}" -d '{"Image": "'"$LONGSHORE_TEST_IMAGE"'"}' | field Id)
  remove_later "/containers/$container?force=1&v=1"
  commit "$container" '{"Labels": {"app": "'"$PREFIX"'"}}'
  commit "$container" '{
    "Env": ["PATH=/bin", "MODE=prod"], "Cmd": ["serve"], "Entrypoint": ["/bin/sh", "-c"], "WorkingDir": "/www",
    "Labels": {"app": "'"$PREFIX"'"}, "Volumes": {"/data": {}}, "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
    "User": "root", "StopSignal": "SIGINT", "OnBuild": ["RUN true"], "Shell": ["/bin/sh"],
    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 1000000000, "Retries": 3}
  }'
  save image_inspect.json GET "/images/$repository:1/json" >/dev/null
  save image_list.json GET '/images/json?filters={"reference":{"'"$repository"'":true,"'"${LONGSHORE_TEST_IMAGE%:*}"'":true}}' >/dev/null
  save image_list_dangling.json GET '/images/json?filters={"dangling":{"true":true},"label":{"app='"$PREFIX"'":true}}' >/dev/null
  save image_remove.json DELETE "/images/$repository:1" >/dev/null
  api DELETE "/images/$(field Id <"$folder/image_list_dangling.json")" >/dev/null
}

# What travels: archives, pushes, what a registry says.
record_image_archives() {
  local name=$LONGSHORE_TEST_REGISTRY/$PREFIX/web container layer=$folder/layer.raw
  container=$(api POST "/containers/create" "${JSON[@]}" -d '{"Image": "'"$LONGSHORE_TEST_IMAGE"'"}' | field Id)
  remove_later "/containers/$container?force=1&v=1"
  save image_commit.json POST "/commit?container=$container&repo=$name&tag=1&comment=by+hand" >/dev/null
  save image_history.json GET "/images/$name:1/history" >/dev/null
  save image_push.json POST "/images/$name/push?tag=1" -H 'X-Registry-Auth: e30=' >/dev/null
  save image_push_error.json POST "/images/127.0.0.1:1/$PREFIX/push?tag=1" -H 'X-Registry-Auth: e30=' >/dev/null || true
  save distribution_inspect.json GET "/distribution/$name:1/json" >/dev/null
  save auth.json POST /auth "${JSON[@]}" -d '{"username": "u", "password": "p", "serveraddress": "'"$LONGSHORE_TEST_REGISTRY"'"}' >/dev/null

  tar -C tests -cf "$layer" record.sh
  save image_import.json POST "/images/create?fromSrc=-&repo=$name&tag=2&changes=LABEL+app=$PREFIX" -T "$layer" >/dev/null
  save image_load_error.json POST '/images/load?quiet=false' -T "$layer" >/dev/null
  api GET "/images/get?names=$name:1&names=$name:2&names=$(field status <"$folder/image_import.json")" >"$layer"
  api DELETE "/images/$name:1" >/dev/null
  api DELETE "/images/$name:2" >/dev/null
  save image_load.json POST '/images/load?quiet=false' -T "$layer" >/dev/null
  api DELETE "/images/$name:1" >/dev/null
  api POST "/commit?container=$container&repo=$name&tag=2" >/dev/null # now 2 is another
  save image_prune.json POST '/images/prune?filters={"label":{"app='"$PREFIX"'":true}}' >/dev/null
  save image_prune_nothing.json POST '/images/prune?filters={"label":{"app='"$PREFIX"'":true}}' >/dev/null
  api DELETE "/images/$name:2" >/dev/null
}

commit() { # CONTAINER CONFIGURATION
  api POST "/commit?container=$1&repo=$PREFIX&tag=1&author=somebody&comment=by+hand" "${JSON[@]}" -d "$2" >/dev/null
}

record_builds() {
  local tar=$folder/context.raw image
  build() { # FILE QUERY DOCKERFILE
    local context
    context=$(mktemp -d)
    printf '%s\n' "$3" >"$context/Dockerfile"
    tar -C "$context" --owner=0 --group=0 -cf "$tar" .
    rm -r "$context"
    save "$1" POST "/build?version=1&nocache=true&$2" -H 'Content-Type: application/x-tar' --data-binary "@$tar"
  }
  local from="FROM $LONGSHORE_TEST_IMAGE AS base"
  build build.json "t=$PREFIX:built&labels={\"app\":\"$PREFIX\"}" "$from
RUN echo out; echo err >&2
FROM base
LABEL a=b" >/dev/null
  remove_later "/images/$PREFIX:built"
  image=$(build build_quiet.json 'q=true' "$from
LABEL quiet=true" | grep -o 'sha256:[0-9a-f]*')
  remove_later "/images/$image"
  build build_error.json 'forcerm=true' "$from
RUN exit 3" >/dev/null
  save build_prune.json POST '/build/prune?all=true' >/dev/null
}

record_networks() {
  local name=$PREFIX-back id container
  id=$(save network_create.json POST /networks/create "${JSON[@]}" -d '{
    "Name": "'"$name"'", "CheckDuplicate": true, "Internal": true, "Attachable": true, "EnableIPv6": true,
    "IPAM": {"Config": [
      {"Subnet": "10.213.7.0/24", "IPRange": "10.213.7.128/25", "Gateway": "10.213.7.1",
        "AuxiliaryAddresses": {"router": "10.213.7.2"}},
      {"Subnet": "fd00:213:7::/64"}
    ]},
    "Options": {"com.docker.network.driver.mtu": "1400"}, "Labels": {"app": "'"$PREFIX"'", "tier": ""}
  }' | field Id)
  remove_later "/networks/$id"
  container=$(api POST "/containers/create?name=$PREFIX-web" "${JSON[@]}" -d '{
    "Image": "'"$LONGSHORE_TEST_IMAGE"'", "HostConfig": {"NetworkMode": "'"$name"'"}
  }' | field Id)
  remove_later "/containers/$container?force=1&v=1"
  api POST "/containers/$container/start"
  save network_inspect.json GET "/networks/$id?verbose=true" >/dev/null
  save network_list.json GET '/networks?filters={"name":{"'"$name"'":true,"^bridge$":true,"^host$":true,"^none$":true}}' >/dev/null
}

record_volumes() {
  local name=$PREFIX-cache
  save volume_create.json POST /volumes/create "${JSON[@]}" -d '{
    "Name": "'"$name"'", "DriverOpts": {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}, "Labels": {"app": "'"$PREFIX"'", "tier": ""}
  }' >/dev/null
  remove_later "/volumes/$name"
  save volume_inspect.json GET "/volumes/$name" >/dev/null
  api POST /volumes/create "${JSON[@]}" -d '{"Name": "'"$name-2"'"}' >/dev/null
  remove_later "/volumes/$name-2"
  save volume_list.json GET '/volumes?filters={"name":{"'"$name"'":true}}' >/dev/null
}

record_stats() {
  local id stopped
  id=$(api POST "/containers/create?name=$PREFIX-used" "${JSON[@]}" -d '{
    "Image": "'"$LONGSHORE_TEST_IMAGE"'", "HostConfig": {"Memory": 67108864, "PidsLimit": 64}
  }' | field Id)
  remove_later "/containers/$id?force=1&v=1"
  api POST "/containers/$id/start"
  wait_for 30 is_healthy "$id"
  save container_stats.json GET "/containers/$id/stats?stream=false" >/dev/null
  save container_stats_one_shot.json GET "/containers/$id/stats?stream=false&one-shot=true" >/dev/null
  save container_stats_stream.json GET "/containers/$id/stats" --max-time 3 >/dev/null 2>&1 || true # it never ends
  cut_off container_stats_stream.json
  save container_top.json GET "/containers/$id/top?ps_args=-eo%20pid,args" >/dev/null
  stopped=$(api POST "/containers/create?name=$PREFIX-changed" "${JSON[@]}" -d '{
    "Image": "'"$LONGSHORE_TEST_IMAGE"'", "Cmd": ["sh", "-c", "touch /tmp/new; echo more >> /etc/passwd; rm -r /www"]
  }' | field Id)
  remove_later "/containers/$stopped?force=1&v=1"
  save container_changes_none.json GET "/containers/$stopped/changes" >/dev/null
  api POST "/containers/$stopped/start"
  api POST "/containers/$stopped/wait" >/dev/null
  save container_changes.json GET "/containers/$stopped/changes" >/dev/null
  save container_stats_stopped.json GET "/containers/$stopped/stats?stream=false" >/dev/null
}

cut_off() { # FILE: the end of an answer that was not waited for
  local file=$folder/$1
  [ ! -e "$file.raw" ] || mv "$file.raw" "$file"
}

record_exec() {
  local container id
  container=$(api POST "/containers/create?name=$PREFIX-exec" "${JSON[@]}" -d '{"Image": "'"$LONGSHORE_TEST_IMAGE"'"}' | field Id)
  remove_later "/containers/$container?force=1&v=1"
  api POST "/containers/$container/start"
  id=$(save exec_create.json POST "/containers/$container/exec" "${JSON[@]}" -d '{
    "Cmd": ["sh", "-c", "echo out; echo err >&2; exit 3"], "AttachStdout": true, "AttachStderr": true,
    "DetachKeys": "ctrl-a,x", "User": "root", "Env": ["MODE=prod"], "WorkingDir": "/www"
  }' | field Id)
  save exec_inspect_created.json GET "/exec/$id/json" >/dev/null
  save exec_output.bin POST "/exec/$id/start" "${JSON[@]}" -d '{"Detach": false, "Tty": false}' >/dev/null
  wait_for 10 has_ended "$id"
  save exec_inspect.json GET "/exec/$id/json" >/dev/null
}

has_ended() { # EXEC
  [[ $(api GET "/exec/$1/json") == *'"Running":false'* ]]
}

record_swarm() { # the engine must be in none, and is in none afterwards
  local id
  save_error no_manager.json GET /services
  api POST /swarm/init "${JSON[@]}" -d '{"ListenAddr": "127.0.0.1:2377", "AdvertiseAddr": "127.0.0.1"}' >/dev/null
  remove_later_by POST "/swarm/leave?force=1"
  save swarm_inspect.json GET /swarm >/dev/null
  # Whoever has a token is in; the certificate is of no use either.
  sed -i -E 's/SWMTKN-1-[a-z0-9-]+/SWMTKN-1-x/g; s/"TrustRoot":"[^"]*"/"TrustRoot":"PEM"/' "$folder/swarm_inspect.json"
  save node_list.json GET /nodes >/dev/null
  sed -i -E 's/"TrustRoot":"[^"]*"/"TrustRoot":"PEM"/g; s/"Hostname":"[^"]*"/"Hostname":"engine-host"/g' "$folder/node_list.json"
  id=$(save secret_create.json POST /secrets/create "${JSON[@]}" -d '{
    "Name": "token-1", "Labels": {"a": "b"}, "Data": "aHVudGVyMg=="}' | field ID)
  save secret_inspect.json GET "/secrets/$id" >/dev/null
  id=$(save config_create.json POST /configs/create "${JSON[@]}" -d '{"Name": "site-1", "Data": "c2VydmVyIHt9"}' | field ID)
  save config_inspect.json GET "/configs/$id" >/dev/null
  id=$(save service_create.json POST /services/create "${JSON[@]}" -d '{
    "Name": "web", "Labels": {"a": "b"}, "Mode": {"Replicated": {"Replicas": 2}},
    "TaskTemplate": {
      "ContainerSpec": {"Image": "'"$LONGSHORE_TEST_IMAGE"'", "Env": ["MODE=prod"], "HealthCheck": {"Test": ["NONE"]}},
      "Resources": {"Limits": {"MemoryBytes": 67108864}}, "RestartPolicy": {"Condition": "any", "Delay": 1000000000}
    },
    "UpdateConfig": {"Parallelism": 1, "FailureAction": "rollback", "Monitor": 1000000000}
  }' | field ID)
  wait_for 30 runs_twice "$id"
  save service_inspect.json GET "/services/$id" >/dev/null
  save service_list.json GET '/services?status=true' >/dev/null
  save task_list.json GET /tasks >/dev/null
  save plugin_list.json GET /plugins >/dev/null
  save_error out_of_sequence.json POST "/services/$id/update?version=1" "${JSON[@]}" -d '{
    "Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "'"$LONGSHORE_TEST_IMAGE"'"}}}'
}

runs_twice() { # SERVICE
  [ "$(api GET "/tasks?filters={\"service\":{\"$1\":true}}" | grep -o '"State":"running"' | wc -l)" = 2 ]
}

save_error() { # FILE METHOD PATH [CURL-OPTION...]: records the body of an answer that is an error
  local file=$folder/$1
  curl_engine "$2" "/v$api_version$3" --no-fail-with-body "${@:4}" >"$file"
  echo "record.sh: $file" >&2
}

main "$@"
