# shellcheck shell=bash disable=SC2154,SC2034 # variables of tests/engine.sh
# The throwaway registry and the images in it. Sourced by tests/engine.sh.

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

pack_image() { # VERSION PAGE
  local root=$work/root
  mkdir -p "$root"/{bin,etc,tmp,www}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  "$root/bin/busybox" --install "$root/bin" # a hard link for each of its commands
  echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
  echo 'root:x:0:' >"$root/etc/group"
  echo "$2" >"$root/www/index.html"
  # Process 1 must handle SIGTERM itself: the kernel's default would be to ignore it.
  cat >"$root/bin/serve" <<'END'
#!/bin/sh
trap 'kill $!; exit 0' TERM INT
httpd -f -p 80 -h /www &
echo "listening on 80"
wait $!
END
  chmod 755 "$root/bin/serve"
  tar -C "$root" --owner=0 --group=0 --numeric-owner -cf "$work/$1.tar" .
  rm -r "$root"
}

import_image() { # NAME VERSION
  local query="fromSrc=-&repo=$1&tag=$2" change
  for change in 'CMD ["/bin/serve"]' 'EXPOSE 80' \
    'HEALTHCHECK --interval=1s --timeout=3s CMD wget -q -O /dev/null http://127.0.0.1/'; do
    query+="&changes=$(printf '%s' "$change" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)"
  done
  succeeds api POST "/images/create?$query" -T "$work/$2.tar" -H 'Content-Type: application/x-tar'
}

publish() { # VERSION VARIABLE
  local name=$LONGSHORE_TEST_REGISTRY/longshore/web
  published+=("$name:$1")
  import_image "$name" "$1" || die "the engine does not import an image"
  succeeds api POST "/images/$name/push?tag=$1" -H 'X-Registry-Auth: e30=' ||
    die "the engine does not push to $LONGSHORE_TEST_REGISTRY: does it run on this machine's network?"
  api DELETE "/images/$name:$1" >/dev/null # COMMAND is to pull it
  export "$2=$name:$1"
}

succeeds() { # COMMAND...: also by the stream of messages it answers with
  local answer
  if ! answer=$("$@") || [[ $answer == *'"error'* ]]; then
    say "$answer"
    return 1
  fi
}
