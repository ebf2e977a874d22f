# shellcheck shell=bash disable=SC2154,SC2034 # variables of tests/engine.sh
# The throwaway registry and the images in it. Sourced by tests/engine.sh.

readonly DOCKER=application/vnd.docker # what its media types begin with

start_registry() {
  # Port 0: any free one, which its log then names.
  cat >"$work/registry.yml" <<END
version: 0.1
log: {level: info, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/registry}, delete: {enabled: true}}
http: {addr: "127.0.0.1:0"}
END
  : >"$work/registry.log"
  OTEL_TRACES_EXPORTER=none setsid "${inside[@]}" docker-registry serve "$work/registry.yml" \
    >"$work/registry.log" 2>&1 &
  registry_pid=$!
  wait_for 10 registry_listens || die "the registry did not start: $(tail -n 3 "$work/registry.log")"
  LONGSHORE_TEST_REGISTRY=$(grep -o -m 1 '127\.0\.0\.1:[1-9][0-9]*' "$work/registry.log")
  export LONGSHORE_TEST_REGISTRY
}

registry_listens() { grep -q 'listening on 127' "$work/registry.log"; }

# An image is a layer, a configuration with its digests, and a manifest with theirs. No engine makes it, as some
# cannot import one with a health check.
publish() { # VERSION PAGE VARIABLE
  local name=longshore/web layer config sizes
  pack_layer "$2"
  layer=$(digest "$work/layer.tar.gz")
  cat >"$work/config.json" <<END
{
  "created": "$(date -u +%FT%TZ)", "architecture": "$(architecture)", "os": "linux",
  "config": {
    "Cmd": ["/bin/serve"], "ExposedPorts": {"80/tcp": {}},
    "Healthcheck": {
      "Test": ["CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1/"], "Interval": 1000000000, "Timeout": 3000000000
    }
  },
  "rootfs": {"type": "layers", "diff_ids": ["$(digest "$work/layer.tar")"]},
  "history": [{"created": "$(date -u +%FT%TZ)", "comment": "made by tests/engine.sh"}]
}
END
  config=$(digest "$work/config.json")
  read -ra sizes <<<"$(stat -c %s "$work/config.json" "$work/layer.tar.gz" | tr '\n' ' ')"
  cat >"$work/manifest.json" <<END
{
  "schemaVersion": 2, "mediaType": "$DOCKER.distribution.manifest.v2+json",
  "config": {"mediaType": "$DOCKER.container.image.v1+json", "size": ${sizes[0]}, "digest": "$config"},
  "layers": [{"mediaType": "$DOCKER.image.rootfs.diff.tar.gzip", "size": ${sizes[1]}, "digest": "$layer"}]
}
END
  upload "$name" "$work/config.json" "$config"
  upload "$name" "$work/layer.tar.gz" "$layer"
  registry PUT "/v2/$name/manifests/$1" -H "Content-Type: $DOCKER.distribution.manifest.v2+json" --data-binary "@$work/manifest.json"
  rm "$work/layer.tar" "$work/layer.tar.gz" "$work/config.json" "$work/manifest.json"
  published+=("$LONGSHORE_TEST_REGISTRY/$name:$1")
  export "$3=$LONGSHORE_TEST_REGISTRY/$name:$1"
}


digest() { printf 'sha256:%s' "$(sha256sum <"$1" | cut -d' ' -f1)"; }

architecture() { # as Go names it
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    arm*) echo arm ;;
    i?86) echo 386 ;;
    *) uname -m ;;
  esac
}

upload() { # REPOSITORY FILE DIGEST
  local url
  url=$(registry POST "/v2/$1/blobs/uploads/" -D - | tr -d '\r' | sed -n 's/^Location: //Ip')
  registry PUT "/${url#*://*/}&digest=$3" -H 'Content-Type: application/octet-stream' --data-binary "@$2"
}

registry() { # METHOD PATH [CURL-OPTION...]
  "${inside[@]}" curl -q -sS --fail-with-body --noproxy '*' -X "$1" "http://$LONGSHORE_TEST_REGISTRY$2" "${@:3}"
}

pack_layer() { # PAGE
  local root=$work/root
  mkdir -p "$root"/{bin,etc,tmp,www}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  "$root/bin/busybox" --install "$root/bin" # a hard link for each of its commands
  echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo "$1" >"$root/www/index.html"
  # Process 1 must handle SIGTERM itself: the kernel's default would be to ignore it.
  cat >"$root/bin/serve" <<'END'
#!/bin/sh
trap 'kill $!; exit 0' TERM INT
httpd -f -p 80 -h /www &
echo "listening on 80"
wait $!
END
  chmod 755 "$root/bin/serve"
  tar -C "$root" --owner=0 --group=0 --numeric-owner -cf "$work/layer.tar" .
  gzip -n -k "$work/layer.tar"
  rm -r "$root"
}

pull_test_image() { # whether the engine does
  succeeds api POST "/images/create?fromImage=$LONGSHORE_TEST_IMAGE"
}

remove_test_image() { # COMMAND is to pull it
  api DELETE "/images/$LONGSHORE_TEST_IMAGE" >/dev/null
}

succeeds() { # COMMAND...: also by the stream of messages it answers with
  local answer
  if ! answer=$("$@") || [[ $answer == *'"error'* ]]; then
    say "$answer"
    return 1
  fi
}
